import { useMe } from "./agents.ts";

/** The names of our numbers by id. */
export function usePhoneNames(): ReadonlyMap<number, string> {
  const me = useMe();
  return new Map(me?.phones.map(({ id, name }) => [id, name]));
}
