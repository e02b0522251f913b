/** Of a parsed URL. Loopback, link-local, private and unique local ranges, and names that no public DNS has. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, "");
  return (
    /^(localhost|.*\.(localhost|local|internal|test|example|lan|home\.arpa))$/.test(host) ||
    /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
      host,
    ) ||
    /^(::1?|::ffff:.*|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)$/i.test(host) ||
    !/[.:]/.test(host)
  );
}
