/**
 * The tests of native code that runs without Node, as it ships.
 */
import t from 'tap'
import { build } from '../support/native-build.js'

const { folder, skip } = await build('native', ['spikeport_tests', 'spikeport_scalar_tests'])
await t.spawn(`${folder}/test/native/spikeport_tests`, [], { skip }, 'the kernels')
await t.spawn(`${folder}/test/native/spikeport_scalar_tests`, [], { skip }, 'the kernels without vector instructions')
