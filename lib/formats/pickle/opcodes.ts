/**
 * The opcodes of Python's pickle that the writer uses, by their names in Python's `pickletools` and the protocol each came with.
 */
export const OPCODES = {
  // Protocol 0.
  MARK: 0x28, // (
  STOP: 0x2e, // .
  POP: 0x30, // 0
  APPEND: 0x61, // a
  BUILD: 0x62, // b
  GLOBAL: 0x63, // c
  DICT: 0x64, // d
  FLOAT: 0x46, // F
  GET: 0x67, // g
  INT: 0x49, // I
  LIST: 0x6c, // l
  LONG: 0x4c, // L
  NONE: 0x4e, // N
  PUT: 0x70, // p
  REDUCE: 0x52, // R
  SETITEM: 0x73, // s
  TUPLE: 0x74, // t
  UNICODE: 0x56, // V

  // Protocol 1.
  BINFLOAT: 0x47, // G
  BINGET: 0x68, // h
  BININT: 0x4a, // J
  BININT1: 0x4b, // K
  BININT2: 0x4d, // M
  BINPUT: 0x71, // q
  BINUNICODE: 0x58, // X
  EMPTY_DICT: 0x7d, // }
  EMPTY_LIST: 0x5d, // ]
  LONG_BINGET: 0x6a, // j
  LONG_BINPUT: 0x72, // r

  // Protocol 2.
  LONG1: 0x8a,
  LONG4: 0x8b,
  NEWFALSE: 0x89,
  NEWOBJ: 0x81,
  NEWTRUE: 0x88,
  PROTO: 0x80,

  // Protocol 3.
  BINBYTES: 0x42, // B
  SHORT_BINBYTES: 0x43, // C

  // Protocol 4.
  BINBYTES8: 0x8e,
  SHORT_BINUNICODE: 0x8c,
} as const
