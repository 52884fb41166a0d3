/** A Python to run scripts with, or why there is none. */
export interface PythonEnvironment {
  python: string
  /** For tap's `skip` option: false, or the reason. */
  skip: string | false
}

/** The names of the environments that have yet to be made, of those that can be. */
export function missingEnvironments(expectsPython: boolean): Promise<string[]>

/** The environment of that name, made if it is not there or its requirements have changed. */
export function pythonEnvironment(
  name:
    | 'numpy1'
    | 'numpy2'
    | 'nwb'
    | 'nwb-old'
    | 'nwb-readers'
    | 'neuroconv'
    | 'sorting'
    | 'phylib-old'
    | 'bombcell'
    | 'cloud'
    | 'phy'
    | 'recordings'
    | 'kubernetes',
): Promise<PythonEnvironment>
