import type { DeliveryStatus } from "../domain/delivery-status.ts";
import { AppError } from "../errors.ts";

export function noMessage(id: number): AppError {
  return new AppError("not_found", `No such outgoing message: ${id}.`);
}

/** The message's result is known, or an agent has already decided about it. */
export function notOpen(status: DeliveryStatus): AppError {
  return new AppError("message_not_open", `The message is ${status}, or it was already resent or discarded.`);
}
