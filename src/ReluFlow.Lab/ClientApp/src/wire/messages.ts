/** A jump that theory predicts. */
export interface PredictedSaddle {
  time: number;
  loss: number;
  escaped?: string | null;
  kind?: string;
}

/** What theory says before a run. */
export interface Theory {
  saddles?: PredictedSaddle[];
  plateaus?: number[];
  minimumSquaredNorm?: { primal?: number | null; dual?: number | null; certified?: boolean } | null;
  leastSquares?: { slope: number; offset: number } | null;
  /** Whether some of it took longer than there was time. */
  cutShort?: boolean;
  note?: string | null;
}

export interface Prepared {
  kind: "prepared";
  request: number;
  samples: number;
  dimension: number;
  outputs: number;
  bias: boolean;
  theory?: Theory | null;
  yaml?: string;
  command?: string;
  saveTimes?: number[];
  /** The samples without the bias coordinate, where they are not too many. */
  inputs?: number[][] | null;
  targets?: number[][] | null;
  complete?: boolean;
}

/** Other runs compute; this one begins when one of them has ended. */
export interface Waiting {
  kind: "waiting";
  request: number;
}

export interface Started {
  kind: "started";
  request: number;
  id: string;
  width: number;
  dimension: number;
  outputs: number;
  samples: number;
}

export interface Finished {
  kind: "finished";
  request: number;
  status: string;
  message?: string | null;
  frames: number;
  /** ln ‖∇L‖ of each frame, by the gates as the solver held them; null where it is not known. */
  logGradientNorms: (number | null)[];
  summary?: Record<string, unknown> | null;
  elapsed: number;
}

/** A neuron's line of the ledger; what is not finite is left out or null. */
export interface LedgerLine {
  activeSamples?: number;
  gate?: number;
  logNormProduct?: number | null;
  imbalance?: number | null;
  growthRate?: number | null;
  pull?: number | null;
  angle?: number | null;
  logHeadStart?: number | null;
  isLocked?: boolean;
  state?: string;
  cluster?: number | null;
}

export interface Ledger {
  kind: "ledger";
  request: number;
  frame?: number;
  effectiveWidth?: number | null;
  neurons: LedgerLine[];
  clusters: { members: number[]; sign: number }[];
}

export interface Reduced {
  kind: "reduced";
  request: number;
  width: number;
  loss: number | null;
  change: number;
  bound: number;
  inputs?: number[][] | null;
  outputs?: number[][] | null;
  logNorms: (number | null)[];
}

export interface Failure {
  kind: "error";
  /** 0 or null where no request could be read. */
  request: number;
  message: string;
  field?: string | null;
}

export type ServerMessage = Prepared | Waiting | Started | Finished | Ledger | Reduced | Failure;
