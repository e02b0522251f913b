import { APP_ID, allPhones, BUSINESS_ID, findPhone, findWaba, type WabaState } from "./accounts.ts";
import type { Fields } from "./fields.ts";
import { noSuchField, noSuchObject } from "./graph-errors.ts";
import type { SimulatedPhone, World } from "./world.ts";

/** The kinds of nodes, as Graph calls them. */
type NodeType =
  | "WhatsAppBusinessPhoneNumber"
  | "WhatsAppBusinessAccount"
  | "MessageTemplate"
  | "Flow"
  | "Business"
  | "Application";

function nodeTypeOf(world: World, id: string): NodeType | null {
  if (findPhone(world, id)) return "WhatsAppBusinessPhoneNumber";
  if (findWaba(world, id)) return "WhatsAppBusinessAccount";
  if (id === BUSINESS_ID) return "Business";
  return id === APP_ID ? "Application" : null;
}

/** Returns the phone, or throws what Graph says to a call of `edge` of an object that is none. */
export function requirePhone(world: World, id: string, edge?: string): SimulatedPhone {
  return findPhone(world, id) ?? refuseNode(world, id, edge);
}

export function requireWaba(world: World, id: string, edge?: string): WabaState {
  return findWaba(world, id) ?? refuseNode(world, id, edge);
}

/** Graph names the kind of an object that exists and has not this edge. */
function refuseNode(world: World, id: string, edge: string | undefined): never {
  const type = edge === undefined ? null : nodeTypeOf(world, id);
  throw type && edge ? noSuchField(edge, type) : noSuchObject(id);
}

export function phonesOf(world: World, wabaId: string): SimulatedPhone[] {
  return allPhones(world).filter((phone) => phone.wabaId === wabaId);
}

/** The requested fields (`name,status,throughput{level}`), and always the id. Throws for a field that the node has not. */
export function pick(node: Fields, fields: string, type: NodeType): Fields {
  const names = fields
    .replace(/\{[^}]*\}/g, "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !Object.hasOwn(node, name));
  if (unknown) throw noSuchField(unknown, type);
  return Object.fromEntries([...names, "id"].map((name) => [name, node[name]]));
}

/** `health_status` of an object without problems; the first entity is the object itself. */
export function health(entityType: "PHONE_NUMBER" | "WABA", id: string, wabaId: string): Fields {
  const above = entityType === "PHONE_NUMBER" ? [{ entity_type: "WABA", id: wabaId }] : [];
  const entities: Fields[] = [
    { entity_type: entityType, id },
    ...above,
    { entity_type: "BUSINESS", id: BUSINESS_ID },
    { entity_type: "APP", id: APP_ID },
  ].map((entity) => ({ ...entity, can_send_message: "AVAILABLE" }));
  return { can_send_message: "AVAILABLE", entities };
}
