/** A backend under measurement, with a database of its own on the shared Postgres. */
export type System = {
  name: string;
  port: number;
  /** The database's address, for the ledger and for seeding. */
  databaseUrl: string;
  /** Its serving process: workerd, or node. */
  pid: number;
  /** The proxy between it and Postgres, where it has one. */
  endpointPid?: number;
  stop(): Promise<void>;
};
