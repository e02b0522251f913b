import { isNonBlank, objectOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { catalogCodecs } from "./catalog-parameters.ts";
import { type Codec, type Fault, wrong } from "./codec.ts";
import type { Slot, SlotKind } from "./slots.ts";
import type { MediaKind, TemplateValue } from "./template.ts";
import { textCodecs } from "./text-parameters.ts";

const YEAR_10000_MS = 253_402_300_800_000;

/** The parameter for a value of the form. */
export function parameterOf({ kind, variable, byName }: Slot, value: TemplateValue): JsonObject {
  const name = byName && variable !== null ? { parameter_name: variable } : {};
  const { types, write } = codecs[kind];
  return { type: types[0], ...name, ...write(value) };
}

/** What Meta would refuse of a parameter that was sent for the slot; null when nothing. */
export function faultOf({ kind }: Slot, parameter: unknown): Fault | null {
  const { types, check } = codecs[kind];
  if (!isObject(parameter)) return wrong("must be an object");
  if (typeof parameter.type !== "string" || !types.includes(parameter.type)) {
    return { code: "wrong_kind", reason: `must be of type ${types.join(" or ")}` };
  }
  return check(parameter);
}

/** The form's value of a parameter that was sent; undefined where there is none to be read. */
export function parseValue({ kind }: Slot, parameter: unknown): TemplateValue | undefined {
  const { types, read } = codecs[kind];
  if (!isObject(parameter) || typeof parameter.type !== "string") return undefined;
  return types.includes(parameter.type) ? read(parameter) : undefined;
}

/** A file by the id of an upload or by its https address: of the two exactly one. */
function media(kind: MediaKind): Codec {
  return {
    types: [kind],
    write: (value) => ({ [kind]: value }),
    check: (parameter) => {
      const { id, link } = objectOf(parameter[kind]);
      if (id === undefined && link === undefined) return { code: "missing", reason: "needs an id or a link" };
      if (id !== undefined && link !== undefined) return wrong("has an id or a link, not both");
      if (id !== undefined) return isNonBlank(id) ? null : wrong("must have an id that is a text");
      const isHttps = typeof link === "string" && /^https:\/\/[^\s/]\S*$/.test(link);
      return isHttps ? null : wrong("must have a link that begins with https://");
    },
    read: (parameter) => {
      const { id, link, filename } = objectOf(parameter[kind]);
      const name = isNonBlank(filename) ? { filename } : {};
      if (isNonBlank(id)) return { id, ...name };
      return isNonBlank(link) ? { link, ...name } : undefined;
    },
  };
}

const location: Codec = {
  types: ["location"],
  write: (value) => ({ location: value }),
  check: (parameter) => {
    const { latitude, longitude } = objectOf(parameter.location);
    const isSpot = isDegree(latitude, 90) && isDegree(longitude, 180);
    return isSpot ? null : wrong("needs a latitude (-90 to 90) and a longitude (-180 to 180)");
  },
  read: (parameter) => {
    const { latitude, longitude, name, address } = objectOf(parameter.location);
    if (!isDegree(latitude, 90) || !isDegree(longitude, 180)) return undefined;
    const labels = { ...(isNonBlank(name) && { name }), ...(isNonBlank(address) && { address }) };
    return { latitude: Number(latitude), longitude: Number(longitude), ...labels };
  },
};

const datetime: Codec = {
  types: ["limited_time_offer"],
  write: (value) => ({ limited_time_offer: { expiration_time_ms: Date.parse(String(value)) } }),
  check: (parameter) => {
    const { expiration_time_ms } = objectOf(parameter.limited_time_offer);
    return isMoment(expiration_time_ms) ? null : wrong("must be a moment in time");
  },
  read: (parameter) => {
    const { expiration_time_ms } = objectOf(parameter.limited_time_offer);
    return isMoment(expiration_time_ms) ? new Date(expiration_time_ms).toISOString() : undefined;
  },
};

const codecs: Record<SlotKind, Codec> = {
  ...textCodecs,
  ...catalogCodecs,
  image: media("image"),
  video: media("video"),
  document: media("document"),
  location,
  datetime,
};

/** Meta takes a coordinate as a number or as its text. */
function isDegree(value: unknown, most: number): boolean {
  const isText = typeof value === "string" && /^-?\d{1,3}(?:\.\d{1,30})?$/.test(value);
  const number = isText ? Number(value) : value;
  return typeof number === "number" && Math.abs(number) <= most;
}

function isMoment(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < YEAR_10000_MS;
}
