/** Digests: SHA-256 keeps secrets, SHA-1 tells values apart. */

import { hash, timingSafeEqual } from 'node:crypto'

/** 64 lower-case hex digits, as ACL rules write a password. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

/** 20 bytes. */
export function sha1(bytes: Uint8Array): Buffer {
  return hash('sha1', bytes, 'buffer')
}

/**
 * True when both are the same bytes. How long it takes says nothing about where they differ, nor about their
 * lengths: it compares digests.
 */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
}
