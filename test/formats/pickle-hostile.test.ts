/**
 * Pickles that were not written by a pickler: each is a FormatError that names the file and the place, with time and memory bounded by the
 * size of the file.
 */
import { appendFile, open, readdir, readlink, truncate, writeFile } from 'node:fs/promises'
import t from 'tap'
import { InMemory, withFile } from '../../lib/files/random-access.js'
import { PickleFailures } from '../../lib/formats/pickle/reading/failures.js'
import { unpickledValue } from '../../lib/formats/pickle/reading/unpickle.js'
import type { PickleProtocol } from '../../lib/index.js'
import { exportToPickle, FormatError, loadFromPickle, loadSpikeDataFromPickle, NDArray, RateData, SpikeData } from '../../lib/index.js'
import { OBJECTS } from '../interop/pickle-objects.js'
import { fc } from '../support/property.js'

const dir = t.testdir()
const path = `${dir}/hostile.pkl`

/** Bytes of opcodes: text as latin-1, and numbers as single bytes. */
function bytes(...parts: (string | number | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part as string, 'latin1'))))
}

const uint32 = (value: number) => {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}
const uint64 = (value: bigint) => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(value)
  return buffer
}

const value = (pickle: Buffer) => unpickledValue(new InMemory(pickle), new PickleFailures('a.pkl'), {})

async function problemOf(pickle: Buffer): Promise<string> {
  try {
    await value(pickle)
    return 'no error'
  } catch (error) {
    if (error instanceof FormatError && error.path === 'a.pkl' && error.code === 'ERR_INVALID_FILE') return error.message
    throw error
  }
}

t.test('names that are not allowed are errors with the name and the byte', async (t) => {
  const cases: [string, Buffer, RegExp][] = [
    ['system', bytes('cposix\nsystem\n(S"true"\ntR.'), /at byte 0, it refers to posix\.system, which is not among/],
    ['eval', bytes('\x80\x04N0\x8c\x08builtins\x8c\x04eval\x93.'), /at byte 20, it refers to builtins\.eval/],
    ['eval of Python 2', bytes('c__builtin__\neval\n.'), /__builtin__\.eval/],
    ['getattr', bytes('cbuiltins\ngetattr\n.'), /builtins\.getattr/],
    ['a name within an allowed one', bytes('cnumpy\ndtype.__class__\n.'), /numpy\.dtype\.__class__/],
    ['a property of all objects', bytes('c__proto__\nconstructor\n.'), /__proto__\.constructor/],
    ['INST', bytes('(ios\nsystem\n.'), /os\.system/],
    ['another function of numpy', bytes('cnumpy\nload\n.'), /numpy\.load/],
    [
      'a class of another package',
      bytes('cbraingeneers.analysis.analysis\nSpikeData\n.'),
      /braingeneers\.analysis\.analysis\.SpikeData of the package braingeneers: convert/,
    ],
    ['a long name', bytes('c', 'a'.repeat(5000), '\n', 'b'.repeat(5000), '\n.'), /refers to aaa/],
    ['a persistent id', bytes('Pid\n.'), /a reference to an object outside of it/],
    ['a persistent id, binary', bytes('NQ.'), /a reference to an object outside of it/],
    ['an extension', bytes('\x82\x01.'), /extension registry/],
    ['data outside', bytes('\x97.'), /not in the file/],
    ['a function itself', bytes('cnumpy\ndtype\n.'), /it holds numpy\.dtype itself/],
    ['an instance as a value', bytes('cspikelab.spikedata.ratedata\nRateData\n)\x81.'), /an object of RateData/],
  ]
  for (const [name, pickle, problem] of cases) t.match(await problemOf(pickle), problem, name)
})

t.test('calls that Python would not make', async (t) => {
  const global = (name: string) => `c${name.replace(/\.([^.]*)$/, '\n$1')}\n`
  const cases: [string, Buffer][] = [
    ['what is no function', bytes('N)R.')],
    ['without a tuple', bytes(global('builtins.set'), ']R.')],
    ['object', bytes(global('builtins.object'), ')R.')],
    ['ndarray', bytes(global('numpy.ndarray'), ')R.')],
    ['a class with arguments', bytes(global('spikelab.spikedata.spikedata.SpikeData'), 'K\x01\x85\x81.')],
    ['NEWOBJ_EX with named arguments', bytes(global('spikelab.spikedata.spikedata.SpikeData'), ')}K\x01K\x02s\x92.')],
    [
      '_reconstructor of another class',
      bytes(global('copyreg._reconstructor'), global('builtins.set'), global('builtins.object'), 'N\x87R.'),
    ],
    [
      '_reconstructor with a state',
      bytes(global('copyreg._reconstructor'), global('spikelab.spikedata.spikedata.SpikeData'), global('builtins.object'), 'K\x01\x87R.'),
    ],
    ['encode with another encoding', bytes(global('_codecs.encode'), 'X', uint32(1), 'aX', uint32(5), 'utf-8\x86R.')],
    ['encode of characters beyond a byte', bytes(global('_codecs.encode'), 'X', uint32(3), '\xe8\x84\xb3X', uint32(6), 'latin1\x86R.')],
    ['bytes of a number', bytes(global('builtins.bytes'), 'J', uint32(0x7fff_ffff), '\x85R.')],
    ['a set of a number', bytes(global('builtins.set'), 'K\x01\x85R.')],
    ['complex of text', bytes(global('builtins.complex'), 'NN\x86R.')],
    ['OrderedDict of a list', bytes(global('collections.OrderedDict'), ']\x85R.')],
    ['a path of numbers', bytes(global('pathlib.PosixPath'), 'K\x01\x85R.')],
    ['a date of month 13', bytes(global('datetime.date'), 'C\x04\x07\xe8\x0d\x01\x85R.')],
    ['a date of text', bytes(global('datetime.date'), 'X', uint32(1), 'a\x85R.')],
    ['a time of 25 hours', bytes(global('datetime.time'), 'C\x06\x19\x00\x00\x00\x00\x00\x85R.')],
    [
      'a moment with a zone of text',
      bytes(global('datetime.datetime'), 'C\x0a\x07\xe8\x01\x01\x00\x00\x00\x00\x00\x00X', uint32(1), 'a\x86R.'),
    ],
    ['a duration of text', bytes(global('datetime.timedelta'), 'NNN\x87R.')],
    ['a zone of 48 hours', bytes(global('datetime.timezone'), global('datetime.timedelta'), 'K\x02K\x00K\x00\x87R\x85R.')],
    ['a dtype of None', bytes(global('numpy.dtype'), 'N\x85R.')],
    ['a scalar of text', bytes(global('numpy.core.multiarray.scalar'), global('numpy.dtype'), 'X', uint32(2), 'f8\x85RN\x86R.')],
    ['_reconstruct of another class', bytes(global('numpy.core.multiarray._reconstruct'), global('builtins.set'), ')N\x87R.')],
    ['_frombuffer of text', bytes(global('numpy.core.numeric._frombuffer'), '(NNNNtR.')],
  ]
  for (const [name, pickle] of cases) t.match(await problemOf(pickle), /malformed/, name)
})

const DTYPE = (name: string) => bytes('cnumpy\ndtype\nX', uint32(name.length), name, '\x85R')
const array = (dtype: string, shape: Buffer, data: Buffer) =>
  bytes(
    'cnumpy.core.multiarray\n_reconstruct\n',
    'cnumpy\nndarray\n',
    'K\x00\x85C\x01b\x87R',
    '(K\x01',
    shape,
    DTYPE(dtype),
    '\x89',
    data,
    'tb',
  )

t.test('arrays whose parts contradict each other', async (t) => {
  const eight = bytes('C\x08', '\0'.repeat(8))
  const cases: [string, Buffer, RegExp][] = [
    [
      'fewer bytes than the shape has',
      bytes(array('f8', bytes('K\x02\x85'), eight), '.'),
      /an array of shape \(2\) and type <f8 has 8 bytes/,
    ],
    ['a shape beyond all memory', bytes(array('f8', bytes('\x8a\x06', '\xff\xff\xff\xff\xff\x0f', '\x85'), eight), '.'), /has 8 bytes/],
    [
      'a shape that overflows',
      bytes(
        array('f8', bytes('(', bytes('\x8a\x06', '\xff\xff\xff\xff\xff\x0f').toString('latin1').repeat(40), 'K\x00t'), bytes('C\x00')),
        '.',
      ),
      /has 0 bytes/,
    ],
    ['a negative axis', bytes(array('f8', bytes('J\xff\xff\xff\xff\x85'), eight), '.'), /malformed/],
    ['an axis that is a float', bytes(array('f8', bytes('G\x3f\xf0\0\0\0\0\0\0\x85'), eight), '.'), /malformed/],
    ['65 axes', bytes(array('u1', bytes('(', 'K\x01'.repeat(65), 't'), bytes('C\x01a')), '.'), /malformed/],
    ['empty texts beyond all memory', bytes(array('U0', bytes('J', uint32(0x7fff_ffff), '\x85'), bytes('C\x00')), '.'), /more memory/],
    ['objects that are bytes', bytes(array('O8', bytes('K\x01\x85'), eight), '.'), /malformed/],
    ['numbers in a list', bytes(array('f8', bytes('K\x01\x85'), bytes(']K\x01a')), '.'), /malformed/],
    ['more objects than the shape has', bytes(array('O8', bytes('K\x01\x85'), bytes(']K\x01aK\x02a')), '.'), /has 2 objects/],
    ['records', bytes(DTYPE('V8'), '.'), /type V8 are not supported/],
    ['16-byte floats', bytes(DTYPE('f16'), '.'), /f16 are not supported/],
    ['a type with fields', bytes(DTYPE('f8'), '(K\x03X', uint32(1), '<N)}K\x08K\x01K\x00tb.'), /records are not supported/],
    ['no state', bytes('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R.'), /an array has no state/],
    ['two states', bytes(array('u1', bytes('K\x01\x85'), bytes('C\x01a')), '(K\x01K\x01\x85', DTYPE('u1'), '\x89C\x01atb.'), /malformed/],
    [
      'a scalar of the wrong size',
      bytes('cnumpy.core.multiarray\nscalar\n', DTYPE('f8'), 'C\x01a\x86R.'),
      /a scalar of type <f8 has 1 bytes/,
    ],
  ]
  for (const [name, pickle, problem] of cases) t.match(await problemOf(pickle), problem, name)
})

t.test('opcodes out of order, and lengths beyond the file', async (t) => {
  const cases: [string, Buffer, RegExp][] = [
    ['nothing', Buffer.alloc(0), /at byte 0, the pickle is cut off/],
    ['no STOP', bytes('N'), /at byte 1, the pickle is cut off/],
    ['no value', bytes('.'), /the stack is empty/],
    ['an unknown opcode', bytes('\x80\x04\xff.'), /at byte 2, there is no opcode 0xff/],
    ['another format', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /malformed|cut off|no opcode/],
    ['protocol 6', bytes('\x80\x06N.'), /of protocol 6/],
    ['BUILD on a list', bytes(']}b.'), /BUILD needs an object/],
    ['BUILD on None', bytes('N}b.'), /BUILD needs an object/],
    ['BUILD below a mark', bytes('](}b.'), /the stack is empty/],
    ['APPEND to a dict', bytes('}Na.'), /APPEND needs a list/],
    ['APPENDS without a mark', bytes(']Ne.'), /there is no mark/],
    ['SETITEM on a list', bytes(']NNs.'), /SETITEM needs a dict/],
    ['SETITEMS with an odd count', bytes('}(Nu.'), /a key has no value/],
    ['ADDITEMS to a frozenset', bytes('(\x91(N\x90.'), /ADDITEMS needs a set/],
    ['TUPLE2 of one value', bytes('N\x86.'), /the stack is empty/],
    ['a memo that is empty', bytes('h\x05.'), /the memo has no 5/],
    ['PUT without a value', bytes('q\x00.'), /the stack is empty/],
    ['an index of the memo beyond the file', bytes('Nr\xff\xff\xff\xff.'), /index 4294967295 is beyond/],
    ['an index that is text', bytes('Npx\n.'), /is no number/],
    ['STACK_GLOBAL of numbers', bytes('K\x01K\x02\x93.'), /needs two texts/],
    ['bytes beyond the file', bytes('B\xff\xff\xff\xffab.'), /cut off/],
    ['8-byte bytes beyond the file', bytes('\x8e', uint64(2n ** 60n), 'ab.'), /cut off/],
    ['a bytearray beyond all memory', bytes('\x96', uint64(2n ** 64n - 1n), 'ab.'), /cut off/],
    ['text beyond the file', bytes('\x8d', uint64(300_000n), 'ab.'), /cut off/],
    ['a frame beyond the file', bytes('\x95', uint64(100n), 'N.'), /cut off/],
    ['an integer beyond the file', bytes('\x8b', uint32(1000), 'ab.'), /cut off/],
    ['an integer of negative length', bytes('\x8b\xff\xff\xff\xff.'), /negative length/],
    ['an integer of 2 MiB', bytes('\x8b', uint32(2 ** 21), Buffer.alloc(2 ** 21, 0x7f), '.'), /2097152 bytes/],
    ['a million digits', bytes('L', '9'.repeat(5000), 'L\n.'), /more than 4300 digits/],
    ['an integer that is text', bytes('I0x10\n.'), /an integer is no number/],
    ['a float that is text', bytes('F1.5.2\n.'), /a float is no number/],
    ['a long line', bytes('I', '1'.repeat(20_000), '\n.'), /a line has more than/],
    ['a line without an end', bytes('V', 'a'.repeat(3_000_000)), /cut off/],
    ['UTF-8 that is none', bytes('X', uint32(2), '\xc3(.'), /not encoded/],
    ['an overlong character', bytes('X', uint32(2), '\xc0\x80.'), /not encoded/],
    ['a cut escape', bytes('V\\u12\n.'), /not encoded/],
    ['a character beyond Unicode', bytes('V\\U00110000\n.'), /not encoded/],
    ['a text of Python 2 that is no ASCII', bytes('U\x01\xe9.'), /not encoded/],
    ['a list as a key', bytes('}]Ns.'), /cannot hash/],
    ['a set in a set', bytes('\x8f(\x8f\x90.'), /cannot hash/],
  ]
  for (const [name, pickle, problem] of cases) t.match(await problemOf(pickle), problem, name)
})

t.test('texts and numbers of old protocols are read', async (t) => {
  t.same(await value(bytes("(S'a\\x41\\n\\\\\\''\nU\x01bT", uint32(1), 'cI-5\nI01\nL5L\nF-inf\nFnan\n', 't.')), [
    "aA\n\\'",
    'b',
    'c',
    -5,
    true,
    5,
    -Infinity,
    NaN,
  ])
  t.same(await value(bytes('\x8a\x00\x8a\x01\xff\x8a\x08', Buffer.alloc(8, 0xff), '\x8a\x08\0\0\0\0\0\0\0\x80\x87.')), [
    -1,
    -1,
    -(2n ** 63n),
  ])
  t.same(await value(bytes('(]N1)2\x86.')), [[], []])
})

t.test('the prototype of an object stays what it is', async (t) => {
  const object = (await value(bytes('}X', uint32(9), '__proto__}X', uint32(8), 'polluted\x88ss.'))) as object
  t.equal(Object.getPrototypeOf(object), Object.prototype)
  t.ok(Object.hasOwn(object, '__proto__'))
  t.equal(({} as Record<string, unknown>)['polluted'], undefined)
})

/** How long a pickle takes, and by how much memory grows at most, as far as it can be seen afterwards. */
async function cost(pickle: Buffer): Promise<{ ms: number; outcome: string }> {
  const start = performance.now()
  const outcome = await problemOf(pickle)
  return { ms: performance.now() - start, outcome }
}

t.test('bombs: little that would become much', async (t) => {
  const text = 'a'.repeat(100_000)
  const again = (opcodes: string, count: number) => opcodes.repeat(count)
  const cases: [string, Buffer, RegExp][] = [
    // Lists of lists: 2⁶⁰ items for whoever walks them, 60 lists here.
    ['doubling', bytes(']', again('q\x00]h\x00ah\x00a', 60), '.'), /no error/],
    ['tuples that double', bytes(')', again('2\x86', 5000), '.'), /no error/],
    ['nested lists', bytes(again(']', 200_000), again('a', 199_999), '.'), /no error/],
    ['nested tuples', bytes('N', again('\x85', 200_000), '.'), /no error/],
    ['nested dicts', bytes('}', again('q\x00}K\x01h\x00s', 100_000), '.'), /no error/],
    ['marks', bytes(again('(', 500_000), 'N.'), /no error/],
    [
      'one text encoded again and again',
      bytes(
        'c_codecs\nencode\nq\x00X',
        uint32(text.length),
        text,
        'q\x01X',
        uint32(6),
        'latin1q\x02',
        again('h\x00h\x01h\x02\x86R', 20_000),
        '.',
      ),
      /more memory/,
    ],
    [
      'one list made sets again and again',
      bytes('cbuiltins\nset\nq\x00](', again('N', 100_000), 'eq\x01', again('h\x00h\x01\x85R', 20_000), '.'),
      /more memory/,
    ],
    [
      'one path again and again',
      bytes('cpathlib\nPath\nq\x00(', `X\x01\0\0\0a`.repeat(10_000), 'tq\x01', again('h\x00h\x01R', 50_000), '.'),
      /more memory/,
    ],
    [
      'one scalar of much text',
      bytes(
        'cnumpy.core.multiarray\nscalar\nq\x00',
        DTYPE('S100000'),
        'q\x01B',
        uint32(text.length),
        text,
        'q\x02',
        again('h\x00h\x01h\x02\x86R', 50_000),
        '.',
      ),
      /more memory/,
    ],
    [
      'one memory for many arrays',
      bytes(
        'cnumpy.core.numeric\n_frombuffer\nq\x00B',
        uint32(text.length),
        text,
        'q\x01',
        DTYPE('>u2'),
        'q\x02J',
        uint32(50_000),
        '\x85q\x03X\x01\0\0\0Cq\x04',
        again('(h\x01h\x02h\x03h\x04tq\x05h\x00h\x05R', 20_000),
        '.',
      ),
      /more memory/,
    ],
    [
      'integers of a megabyte',
      bytes(again(bytes('\x8b', uint32(2 ** 20), Buffer.alloc(2 ** 20, 0x55)).toString('latin1'), 8), '.'),
      /no error/,
    ],
    [
      'a far index of the memo in each page',
      bytes(...Array.from({ length: 5000 }, (_, i) => bytes('Nr', uint32(i * 3 + 1))), 'N.'),
      /no error/,
    ],
    ['backslashes', bytes('V', again('\\', 200_000), '\n.'), /no error/],
    ['surrogates', bytes('X', uint32(240_000), again('\xed\xa0\x80', 80_000), '.'), /no error/],
    ['a long text of Python 2', bytes('S', again("'", 300_000), '\n.'), /not encoded/],
  ]
  for (const [name, pickle, expected] of cases) {
    const { ms, outcome } = await cost(pickle)
    t.match(outcome, expected, name)
    // Quadratic work would take minutes.
    t.ok(ms < 20_000, `${name} took ${ms.toFixed(0)} ms`)
  }
})

t.test('objects with attributes that make no sense', async (t) => {
  const text = (name: string) => bytes('X', uint32(name.length), name)
  const recording = (attributes: Record<string, string>, cls = 'spikelab.spikedata.spikedata\nSpikeData') =>
    bytes(`c${cls}\n)\x81}(`, ...Object.entries(attributes).flatMap(([name, opcodes]) => [text(name), opcodes]), 'ub.')
  const whole = { train: ']', start_time: 'K\x00', length: 'K\x05', N: 'K\x00' }
  const cases: [string, Buffer, RegExp][] = [
    ['no train', recording({ length: 'K\x05', N: 'K\x00' }), /Cannot read SpikeData in .*train is missing/],
    ['a train of text', recording({ ...whole, train: ']X\x01\0\0\0aa' }), /entry 0 of train is no array/],
    ['a train that is a number', recording({ ...whole, train: 'K\x01' }), /train is no list/],
    ['a length of text', recording({ ...whole, length: 'X\x01\0\0\0a' }), /length is no number/],
    ['a negative length', recording({ ...whole, length: 'J\xff\xff\xff\xff' }), /it is not valid: Expected a finite length/],
    ['fewer units than trains', recording({ ...whole, train: ']]a' }), /it is not valid: Expected a whole number from 1/],
    ['2³¹ units', recording({ ...whole, N: 'J\xff\xff\xff\x7f' }), /it is not valid/],
    ['a time outside the window', recording({ ...whole, N: 'K\x01', train: ']]K\x09aa' }), /it is not valid: Expected times up to 5 ms/],
    ['attributes that are a number', recording({ ...whole, neuron_attributes: 'K\x01' }), /neuron_attributes is no list/],
    ['attributes of another count', recording({ ...whole, neuron_attributes: ']}a' }), /it is not valid/],
    ['metadata that is a list', recording({ ...whole, metadata: ']' }), /metadata is no dict/],
    [
      'raw data without times',
      recording({ ...whole, raw_data: array('u1', bytes('K\x01K\x01\x86'), bytes('C\x01a')).toString('latin1'), raw_time: ']' }),
      /it is not valid/,
    ],
    ['no state', bytes('cspikelab.spikedata.spikedata\nSpikeData\n)\x81.'), /train is missing/],
    [
      'a stack of numbers',
      recording({ spike_stack: ']K\x01a', times: 'N' }, 'spikelab.spikedata.spikeslicestack\nSpikeSliceStack'),
      /entry 0 of spike_stack is no SpikeData/,
    ],
    [
      'a stack of nothing',
      recording({ spike_stack: ']', times: 'N' }, 'spikelab.spikedata.spikeslicestack\nSpikeSliceStack'),
      /it is not valid/,
    ],
    [
      'windows of three',
      recording(
        { stack: array('f8', bytes('K\x00K\x00K\x01\x87'), bytes('C\x00')).toString('latin1'), times: '](K\x01K\x02K\x03ta' },
        'spikelab.spikedata.pairwise\nPairwiseCompMatrixStack',
      ),
      /entry 0 of times is no pair/,
    ],
    [
      'a matrix that is none',
      recording({ matrix: 'N' }, 'spikelab.spikedata.pairwise\nPairwiseCompMatrix'),
      /matrix is no array of numbers/,
    ],
    ['a list', bytes('].'), /none of SpikeLab's objects/],
  ]
  for (const [name, pickle, message] of cases) {
    await writeFile(path, pickle)
    await t.rejects(loadFromPickle(path), { name: 'FormatError', code: 'ERR_INVALID_FILE', path, message }, name)
  }
})

t.test('files that are none, change, or hold another class', async (t) => {
  await t.rejects(loadFromPickle(dir), { code: 'ERR_INVALID_FILE', message: /it is a folder/ })
  await t.rejects(loadFromPickle('/dev/null'), /not a regular file/)
  await t.rejects(loadFromPickle(`${dir}/none.pkl`), { code: 'ENOENT', path: `${dir}/none.pkl` })
  await exportToPickle(new RateData(new NDArray(Float64Array.of(1), [1, 1]), [0]), path)
  await t.rejects(loadSpikeDataFromPickle(path), /it is of the class RateData, not SpikeData/)
  await exportToPickle(new SpikeData([]), path)
  const shrinking = withFile(path, 'a.pkl', async (file) => {
    await truncate(path, 10)
    await file.read(Buffer.alloc(100), 0)
  })
  await t.rejects(shrinking, { code: 'ERR_INVALID_FILE', message: "Cannot read 'a.pkl': it has become shorter while it was read." })
  const growing = withFile(path, 'a.pkl', () => appendFile(path, 'x'))
  await t.rejects(growing, { code: 'ERR_INVALID_FILE', message: "Cannot read 'a.pkl': it has changed while it was read." })
})

t.test('every cut of a pickle is an error', async (t) => {
  for (const protocol of [0, 2, 5] as PickleProtocol[]) {
    await exportToPickle(OBJECTS['SpikeSliceStack, bare'] as SpikeData, path, { protocol })
    const file = await open(path)
    const whole = await file.readFile()
    await file.close()
    for (let length = 0; length < whole.length; length++) {
      const outcome = await problemOf(whole.subarray(0, length))
      if (!/cut off/.test(outcome)) t.fail(`${length} bytes of protocol ${protocol}: ${outcome}`)
    }
  }
  t.pass('all')
})

t.test('no descriptor stays open', async (t) => {
  await writeFile(path, bytes('cposix\nsystem\n.'))
  for (let i = 0; i < 20; i++) await loadFromPickle(path).catch(() => {})
  await exportToPickle(new SpikeData([Float64Array.from({ length: 1_000_000 }, (_, i) => i)]), path)
  for (let i = 0; i < 5; i++) {
    await loadFromPickle(path, { signal: AbortSignal.timeout(i) }).catch(() => {})
    const thrown = new Error('stop')
    await t.rejects(
      loadFromPickle(path, {
        onProgress: () => {
          throw thrown
        },
      }),
      thrown,
    )
  }
  const links = await readdir('/proc/self/fd')
  const targets = await Promise.all(links.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  t.notOk(targets.some((target) => target.startsWith(dir)))
})

t.test('changed pickles are nothing but objects or FormatErrors', async (t) => {
  const seeds: Buffer[] = []
  const names = ['SpikeData', 'RateData', 'PairwiseCompMatrix', 'PairwiseCompMatrixStack', 'RateSliceStack', 'SpikeSliceStack']
  for (const name of names) {
    for (const protocol of [0, 1, 2, 3, 4, 5] as PickleProtocol[]) {
      await exportToPickle(OBJECTS[name] as SpikeData, path, { protocol })
      const file = await open(path)
      seeds.push((await file.readFile()).subarray(0, 20_000))
      await file.close()
    }
  }
  const OPCODES = [
    ...'(.012abcdFgilILNPpRsStVeGhJKMQTX}])jrou1UqBC',
    ...'\x82\x83\x8a\x8b\x81\x88\x80\x85\x86\x87\x90\x8e\x8d\x8f\x95\x91\x94\x92\x8c\x93\x96\x97',
  ]
  const change = fc.oneof(
    fc.record({ at: fc.nat(20_000), bytes: fc.uint8Array({ maxLength: 4 }), removed: fc.nat(8) }),
    fc.record({
      at: fc.nat(20_000),
      bytes: fc.constantFrom(...OPCODES).map((opcode) => Uint8Array.of(opcode.charCodeAt(0))),
      removed: fc.nat(1),
    }),
  )
  const before = process.memoryUsage().rss
  let slowest = 0
  await fc.assert(
    fc.asyncProperty(
      fc.nat(seeds.length - 1),
      fc.nat(seeds.length - 1),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (seed, other, changes, isSpliced) => {
        let pickle = seeds[seed] as Buffer
        for (const { at, bytes: inserted, removed } of changes) {
          const place = at % pickle.length
          const rest = isSpliced ? (seeds[other] as Buffer).subarray(place) : pickle.subarray(place + removed)
          pickle = Buffer.concat([pickle.subarray(0, place), inserted, rest, Buffer.from('.')])
        }
        const start = performance.now()
        await writeFile(path, pickle)
        await loadFromPickle(path, { onWarning: () => {} }).catch((error: unknown) => {
          if (!(error instanceof FormatError)) throw error
        })
        slowest = Math.max(slowest, performance.now() - start)
      },
    ),
    { numRuns: 20_000 },
  )
  t.ok(process.memoryUsage().rss - before < 500e6)
  t.ok(slowest < 10_000, `the slowest took ${slowest.toFixed(0)} ms`)
})
