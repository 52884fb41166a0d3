import type { FilePlan, FolderPlan } from './byte-segments.js'
import type { Hdf5Plan } from './hdf5-tree.js'

/** What one native job writes. Plain data: nothing in it is a function. */
export type Plan = Hdf5Plan | FilePlan | FolderPlan
