/**
 * A single false statement put into a recorded log. `proof` argues from the other lines of the same server why no
 * execution can print the altered log; `names` is what the first sentence of the report must name.
 */
export interface DoctoredCase {
  readonly title: string;
  /** `release/scenario/level/server-N` */
  readonly log: string;
  /** The one line that is altered: the `nth` (from 1) that contains the text. */
  readonly at: { readonly contains: string; readonly nth: number };
  readonly edit:
    | { readonly kind: 'replace'; readonly from: string; readonly to: string }
    | { readonly kind: 'insertBefore'; readonly message: string }
    | { readonly kind: 'remove' };
  readonly proof: string;
  readonly names: RegExp;
}
