import type { DeliveryStatus } from "../domain/delivery-status.ts";
import { AppError } from "../errors.ts";

export function noMessage(id: number): AppError {
  return new AppError("not_found", `There is no message ${id} that we sent.`);
}

/** It is known what became of the message, or somebody has decided about it before. */
export function notOpen(status: DeliveryStatus): AppError {
  return new AppError("message_not_open", `Its status is ${status}, or it was decided about before.`);
}
