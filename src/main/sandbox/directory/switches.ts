/** How the simulated directory behaves where nothing is known; all of it is assumed. */
export interface DirectorySwitches {
  /** A second user of one email, in any case, is refused with 422. */
  uniqueEmails: boolean;
  /** Users a page at most. */
  maxPerPage: number;
  /** Lists carry `x-total-count`. */
  totalHeader: boolean;
  /** A 429 carries `Retry-After`. */
  retryAfter: boolean;
  /** Time every answer takes. */
  slowMs: number;
}

export const directoryDefaults: DirectorySwitches = {
  uniqueEmails: true,
  maxPerPage: 1000,
  totalHeader: true,
  retryAfter: true,
  slowMs: 0,
};
