/** Exports to S3 without giving credentials, and prints how that failed. Run as a process of its own. */
import { exportToPickle, SpikeData } from '../../lib/index.js'

const [endpoint] = process.argv.slice(2)
const options = { s3Upload: true, s3Endpoint: endpoint, forcePathStyle: true }
try {
  await exportToPickle(new SpikeData([[1, 2]]), 's3://recordings/nobody.pkl', options)
} catch (error) {
  const { name, code, message, cause } = error as Error & { code: string; cause?: Error }
  console.log(JSON.stringify({ name, code, message, cause: cause?.name }))
}
