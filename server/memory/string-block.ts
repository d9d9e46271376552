/**
 * What a long string's block begins with: u32 length, u32 capacity. Who makes memory for a string that may be kept
 * as it stands (`Mem.isGift`) leaves so much free before the bytes.
 */
export const STRING_HEADER = 8
