/**
 * The opcodes of Python's pickle, by their names in Python's `pickletools` and the protocol each came with.
 */
export const OPCODES = {
  // Protocol 0.
  MARK: 0x28, // (
  STOP: 0x2e, // .
  POP: 0x30, // 0
  DUP: 0x32, // 2
  APPEND: 0x61, // a
  BUILD: 0x62, // b
  GLOBAL: 0x63, // c
  DICT: 0x64, // d
  FLOAT: 0x46, // F
  GET: 0x67, // g
  INST: 0x69, // i
  INT: 0x49, // I
  LIST: 0x6c, // l
  LONG: 0x4c, // L
  NONE: 0x4e, // N
  PERSID: 0x50, // P
  PUT: 0x70, // p
  REDUCE: 0x52, // R
  SETITEM: 0x73, // s
  STRING: 0x53, // S
  TUPLE: 0x74, // t
  UNICODE: 0x56, // V

  // Protocol 1.
  APPENDS: 0x65, // e
  BINFLOAT: 0x47, // G
  BINGET: 0x68, // h
  BININT: 0x4a, // J
  BININT1: 0x4b, // K
  BININT2: 0x4d, // M
  BINPERSID: 0x51, // Q
  BINPUT: 0x71, // q
  BINSTRING: 0x54, // T
  BINUNICODE: 0x58, // X
  EMPTY_DICT: 0x7d, // }
  EMPTY_LIST: 0x5d, // ]
  EMPTY_TUPLE: 0x29, // )
  LONG_BINGET: 0x6a, // j
  LONG_BINPUT: 0x72, // r
  OBJ: 0x6f, // o
  POP_MARK: 0x31, // 1
  SETITEMS: 0x75, // u
  SHORT_BINSTRING: 0x55, // U

  // Protocol 2.
  EXT1: 0x82,
  EXT2: 0x83,
  EXT4: 0x84,
  LONG1: 0x8a,
  LONG4: 0x8b,
  NEWFALSE: 0x89,
  NEWOBJ: 0x81,
  NEWTRUE: 0x88,
  PROTO: 0x80,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,

  // Protocol 3.
  BINBYTES: 0x42, // B
  SHORT_BINBYTES: 0x43, // C

  // Protocol 4.
  ADDITEMS: 0x90,
  BINBYTES8: 0x8e,
  BINUNICODE8: 0x8d,
  EMPTY_SET: 0x8f,
  FRAME: 0x95,
  FROZENSET: 0x91,
  MEMOIZE: 0x94,
  NEWOBJ_EX: 0x92,
  SHORT_BINUNICODE: 0x8c,
  STACK_GLOBAL: 0x93,

  // Protocol 5.
  BYTEARRAY8: 0x96,
  NEXT_BUFFER: 0x97,
  READONLY_BUFFER: 0x98,
} as const
