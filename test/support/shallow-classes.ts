// The Workers pool wraps the prototype of the Worker's and of each object's class in one more proxy whenever an instance is made, which
// is once a request: after ten thousand requests each call goes through ten thousand proxies, and takes 200 ms. One proxy does the
// same, so no second one is put around it. See createProxyPrototypeClass of @cloudflare/vitest-pool-workers.
const wrapped = new WeakSet<object>();

globalThis.Proxy = new Proxy(Proxy, {
  construct(Native, [target, handler]: [object, ProxyHandler<object>]) {
    if (wrapped.has(target)) return target;
    const proxy = new Native(target, handler);
    if (Object.getOwnPropertyDescriptor(target, "constructor")?.value?.prototype === target)
      wrapped.add(proxy);
    return proxy;
  },
});
