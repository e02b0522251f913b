import { z } from "zod";

/** A JSON Schema of the dialect of OpenAPI 3.1, which is draft 2020-12. */
export type JsonSchema = Record<string, unknown>;

const COMPONENTS = "#/components/schemas/";

/**
 * Converts zod schemas to JSON Schemas. The named ones among and within them (`.meta({ id })`) become `components`, which all others
 * refer to. Requests are described as they are sent ("input"), answers as they are received ("output"). Answers may get further
 * fields one day, so only objects that zod closes are closed; in answers, objects with any fields of Meta's say so.
 */
export function toJsonSchemas(schemas: z.core.$ZodType[], io: "input" | "output") {
  const roots = z.registry<{ id: string }>();
  for (const [i, schema] of [...new Set(schemas)].entries())
    roots.add(schema, { id: z.globalRegistry.get(schema)?.id ?? `${UNNAMED}${i}` });
  const { schemas: converted } = z.toJSONSchema(roots, {
    io,
    unrepresentable: "any",
    uri: (name) => COMPONENTS + name,
    override: ({ zodSchema, jsonSchema }) => simplify(zodSchema, jsonSchema, io),
  });
  const { __shared, ...byName } = converted as Record<string, JsonSchema>;
  const all = Object.entries({ ...byName, ...(__shared?.$defs as Record<string, JsonSchema> | undefined) });
  const tidied = new Map(all.map(([name, schema]) => [name, tidy(schema)]));
  return {
    components: Object.fromEntries([...tidied].filter(([name]) => !name.startsWith(UNNAMED))),
    /** The schema itself, or a reference to its component. */
    schemaOf(schema: z.core.$ZodType): JsonSchema {
      const { id = "" } = roots.get(schema) ?? {};
      return id.startsWith(UNNAMED) ? (tidied.get(id) ?? {}) : { $ref: COMPONENTS + id };
    },
  };
}

/** No name of a component begins so. */
const UNNAMED = "unnamed ";

/** Leaves out what zod states although it restricts nothing: safe integers, the pattern of a format, keys that are texts. */
function simplify(zodSchema: z.core.$ZodType, schema: JsonSchema, io: "input" | "output"): void {
  const { def } = zodSchema._zod;
  // zod leaves the examples out where a field is transformed. Ours are of what comes in.
  const { examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (examples) schema.examples = examples;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.format !== undefined) delete schema.pattern;
  if (def.type === "record") delete schema.propertyNames;
  if (def.type !== "object") return;
  const { catchall } = def as z.core.$ZodObjectDef;
  if (catchall === undefined || (io === "input" && catchall._zod.def.type === "unknown"))
    delete schema.additionalProperties;
}

/** Without zod's own keys, with references to the components of the document, and with `null` among the types. */
function tidy({ $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema).replaceAll(`${COMPONENTS}__shared#/$defs/`, COMPONENTS);
  return JSON.parse(text, (_key, value) => withNullAmongTypes(withoutUnionOfOne(value)));
}

function withoutUnionOfOne(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("oneOf" in value)) return value;
  const { oneOf, ...others } = value as JsonSchema & { oneOf: JsonSchema[] };
  return oneOf.length === 1 ? { ...others, ...oneOf[0] } : value;
}

/** `{type: ["string", "null"]}` says the same as `anyOf` of a string and null. */
function withNullAmongTypes(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("anyOf" in value)) return value;
  const { anyOf, ...others } = value as JsonSchema & { anyOf: JsonSchema[] };
  const [inner, last, ...more] = anyOf;
  if (typeof inner?.type !== "string" || last?.type !== "null" || more.length > 0) return value;
  const values = Array.isArray(inner.enum) ? { enum: [...inner.enum, null] } : {};
  return "const" in inner ? value : { ...others, ...inner, type: [inner.type, "null"], ...values };
}
