/** The default secret of XXH3 (192 bytes) and the primes of the xxHash family, as its specification lists them. */
const SECRET_BYTES = Buffer.from(
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f' +
    'cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
    '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' +
    'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364' +
    'eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e' +
    '2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e',
  'hex',
)

export const SECRET = new DataView(SECRET_BYTES.buffer, SECRET_BYTES.byteOffset, SECRET_BYTES.length)

export const PRIME32_1 = 0x9e3779b1n
export const PRIME32_2 = 0x85ebca77n
export const PRIME32_3 = 0xc2b2ae3dn
export const PRIME64_1 = 0x9e3779b185ebca87n
export const PRIME64_2 = 0xc2b2ae3d27d4eb4fn
export const PRIME64_3 = 0x165667b19e3779f9n
export const PRIME64_4 = 0x85ebca77c2b2ae63n
export const PRIME64_5 = 0x27d4eb2f165667c5n
