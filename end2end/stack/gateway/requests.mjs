// What was asked of the gateway, for tests that count requests or look at them.
//
// It keeps header names only, and no `apikey` from a query: a log must hold no secret.

const KEPT = 200;

export function createRequestLog() {
  let count = 0;
  let connections = 0;
  let requests = [];
  return {
    add({ method, url, headers }) {
      count += 1;
      requests.push({ method, url: url.replace(/([?&]apikey=)[^&]*/g, '$1…'), headers: Object.keys(headers) });
      if (requests.length > KEPT) requests.shift();
    },
    connected: () => (connections += 1),
    read: () => ({ count, connections, requests }),
    reset() {
      count = 0;
      connections = 0;
      requests = [];
    },
  };
}
