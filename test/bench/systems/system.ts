/** A measured backend, with its own database on the shared Postgres. */
export type System = {
  name: string;
  port: number;
  /** For seeding and for checks. */
  databaseUrl: string;
  /** The pid of workerd or node. */
  pid: number;
  /** The proxy between it and Postgres, where it has one. */
  endpointPid?: number;
  stop(): Promise<void>;
};

/** Whether a system answers before it stores: it may lose messages, and goes on storing after its round. */
export function answersFirst({ name }: System): boolean {
  return name.startsWith("naive");
}
