/** Releases of the threads by the name of their defect, for those who read names from people. */
import { err, ok, type Result } from '../../base/result.js';
import { NO_DEFECTS, THREAD_DEFECTS, type ThreadProfile, withDefect } from '../../impl/threads/profile.js';

export type { ThreadProfile };

/** Null: none. Error: a clause that names what there is. */
export function threadProfile(bug: string | null): Result<ThreadProfile> {
  if (bug === null) return ok(NO_DEFECTS);
  const defect = THREAD_DEFECTS.find((one) => one === bug);
  return defect === undefined
    ? err(`there is no defect "${bug}"; there are ${THREAD_DEFECTS.join(', ')}`)
    : ok(withDefect(defect));
}
