import { NeonDbError } from "./unmodified-driver.ts";

/** The rejection of a promise, as the driver's error class. */
export async function errorOf(work: Promise<unknown>): Promise<InstanceType<typeof NeonDbError>> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NeonDbError) return error;
  throw new Error(`not an error of the driver: ${error}`);
}
