import { z } from "zod";
import { TEXT_LENGTH } from "../limits.ts";
import { atMost, metaObject } from "./checks.ts";

/** Degrees, as a number or, as Meta's pages write them, as a decimal text. */
function degrees(most: number, what: string) {
  const error = `${what} must be a number from -${most} to ${most}.`;
  return z
    .union([z.number(), z.string()], { error })
    .refine((value) => isNumber(value) && Math.abs(Number(value)) <= most, { error });
}

function isNumber(value: number | string): boolean {
  return typeof value === "number" || /^-?\d{1,3}(?:\.\d{1,30})?$/.test(value);
}

/** A point on the map: a message of its own, and the header of a template. */
export const location = metaObject(
  {
    latitude: degrees(90, "The latitude"),
    longitude: degrees(180, "The longitude"),
    name: atMost(TEXT_LENGTH, "The name of a place").optional(),
    address: atMost(TEXT_LENGTH, "The address of a place").optional(),
  },
  "A location",
).meta({ id: "Location" });
