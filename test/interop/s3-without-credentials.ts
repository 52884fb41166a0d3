/** Exports to S3 and prints how that failed. A process of its own, with an environment that holds no credentials. */
import { exportToPickle, SpikeData } from '../../lib/index.js'

const [endpoint] = process.argv.slice(2)
const options = { s3Upload: true, s3Endpoint: endpoint, forcePathStyle: true }
try {
  await exportToPickle(new SpikeData([[1, 2]]), 's3://recordings/nobody.pkl', options)
} catch (error) {
  const { name, code, message, cause } = error as Error & { code: string; cause: Error }
  console.log(JSON.stringify({ name, code, message, cause: cause.name }))
}
