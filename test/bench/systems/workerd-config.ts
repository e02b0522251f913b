import { unstable_readConfig as readConfig } from "wrangler";

export type WorkerdOptions = {
  /** The wrangler.toml, which defines objects, variables, compatibility date and flags. */
  configPath: string;
  /** File names of the bundle's modules in the configuration's folder, the entry first. */
  modules: string[];
  port: number;
  /** An existing folder for the storage of the objects. */
  storageDir: string;
  /** Secrets, and variables that override those of the file. */
  vars: Record<string, string>;
};

/**
 * The configuration of a bare workerd that serves the Worker, without buckets, assets, rate limiters and schedules: R2 is
 * optional, and the Worker uses a limiter only when Cloudflare provides the caller's IP address.
 * https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp
 */
export function workerdConfig({ configPath, modules, port, storageDir, vars }: WorkerdOptions): string {
  const config = readConfig({ config: configPath }, { hideWarnings: true });
  const objects: { name: string; class_name: string }[] = config.durable_objects.bindings;
  const texts = Object.entries({ ...config.vars, ...vars });
  const bindings = [
    ...texts.map(([name, value]) => `(name = ${text(name)}, text = ${text(String(value))})`),
    ...objects.map(
      ({ name, class_name }) => `(name = ${text(name)}, durableObjectNamespace = ${text(class_name)})`,
    ),
  ];
  const namespaces = objects.map(
    ({ class_name }) =>
      `(className = ${text(class_name)}, uniqueKey = ${text(class_name)}, enableSql = true)`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .product),
    (name = "internet", network = (allow = ["private", "local", "public"])),
    (name = "storage", disk = (path = ${text(storageDir)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);

const product :Workerd.Worker = (
  modules = [${modules.map((name) => `(name = ${text(name)}, esModule = embed ${text(name)})`).join(", ")}],
  compatibilityDate = ${text(config.compatibility_date ?? "")},
  compatibilityFlags = [${config.compatibility_flags.map(text).join(", ")}],
  bindings = [
    ${bindings.join(",\n    ")},
  ],
  durableObjectNamespaces = [
    ${namespaces.join(",\n    ")},
  ],
  durableObjectStorage = (localDisk = "storage"),
);
`;
}

/** A string literal of Cap'n Proto, which uses JSON's escapes for the characters in secrets and paths. */
function text(value: string): string {
  return JSON.stringify(value);
}
