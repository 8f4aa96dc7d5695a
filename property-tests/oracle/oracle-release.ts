/** The releases that an oracle asks: what we think each does, and what its classes know. */
import { type ReleaseProfile, profileForRelease } from '../../impl/release-profile.js';
import { type Profile, specProfile } from '../../spec/profile.js';

export interface OracleRelease {
  readonly release: string;
  readonly impl: ReleaseProfile;
  readonly spec: Profile;
  /** Configurations can change, and are part of messages (3.5.0). */
  readonly dynamic: boolean;
  /** A server may have several addresses (3.6.0). */
  readonly manyAddresses: boolean;
  /** An IPv6 address stands in brackets (3.5.2; our parser takes it of any release). */
  readonly brackets: boolean;
  /** A majority of two may ask an oracle (3.8.0). */
  readonly oracles: boolean;
}

/** Throws for a release without a profile. */
export function oracleRelease(release: string): OracleRelease {
  const impl = profileForRelease(release);
  const spec = specProfile(release);
  if (impl === null || spec === null) throw new Error(`no profile covers ${release}`);
  const dynamic = impl.name !== 'P346';
  const oracles = impl.name === 'P380';
  const brackets = dynamic && !/^3\.5\.[01]\b/.test(release);
  return { release, impl, spec, dynamic, brackets, manyAddresses: impl.name === 'P360' || oracles, oracles };
}
