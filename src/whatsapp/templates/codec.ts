import { objectOf, stringOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import type { TemplateValue } from "./template.ts";

/** What is wrong with a value: which rule, and the end of a sentence that begins with the value's name. */
export type Fault = { code: string; reason: string };

/** How one kind of value becomes Meta's parameter, what Meta refuses of it, and how it is read back. */
export type Codec = {
  /** Meta's `type`, the documented one first. */
  types: readonly string[];
  write(value: TemplateValue): JsonObject;
  check(parameter: JsonObject): Fault | null;
  read(parameter: JsonObject): TemplateValue | undefined;
};

export function wrong(reason: string): Fault {
  return { code: "invalid", reason };
}

/** A text under a key that has the type's name. */
export function textCodec(type: string, check: (text: string) => Fault | null): Codec {
  return {
    types: [type],
    write: (value) => ({ [type]: value }),
    check: (parameter) => {
      const text = parameter[type];
      if (typeof text !== "string") return wrong("must be a text");
      return text.trim() === "" ? { code: "missing", reason: "is empty" } : check(text);
    },
    read: (parameter) => stringOf(parameter[type]),
  };
}

/** Something inside the `action` of a button, under a key of its own. */
export function action(key: string, check: (action: JsonObject) => Fault | null): Codec {
  return {
    types: ["action"],
    write: (value) => ({ action: { [key]: value } }),
    check: (parameter) => (isObject(parameter.action) ? check(parameter.action) : wrong("needs an action")),
    read: (parameter) => {
      const value = objectOf(parameter.action)[key];
      return isObject(value) ? value : stringOf(value);
    },
  };
}
