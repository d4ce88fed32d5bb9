'use strict';
// Loaded into Node before a program (NODE_OPTIONS=--require), so that it goes through the proxy
// that HTTPS_PROXY names. From 22.21 and 24.5 on, Node does so by itself with
// NODE_USE_ENV_PROXY, but not in agents that a program makes. This teaches the rest, and all of
// it to older ones, with Node's own modules alone.

const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const tls = require('node:tls');

const address = process.env.HTTPS_PROXY;
const byItself = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');
if (address) {
  const proxy = new URL(address);
  throughAgents(proxy);
  if (!byItself && globalThis.fetch) throughFetch(proxy);
}

/** Ask the proxy for a tunnel; `done` gets an error with the proxy's words, or a socket. */
function tunnel(proxy, host, port, done) {
  const name = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const request = http.request({
    method: 'CONNECT',
    path: name,
    headers: { host: name },
    createConnection: () => net.connect(proxy.port || 80, proxy.hostname),
  });
  request.once('connect', (answer, socket) => {
    if (answer.statusCode === 200) return done(null, socket);
    socket.destroy();
    return done(new Error(answer.statusMessage));
  });
  request.once('error', done);
  request.end();
}

/** Every agent of http and https, also one that a program makes for itself. */
function throughAgents(proxy) {
  for (const [module, port] of [[http, 80], [https, 443]]) {
    const direct = module.Agent.prototype.createConnection;
    module.Agent.prototype.createConnection = function createConnection(options, done) {
      if (options.socketPath || (byItself && this === module.globalAgent)) {
        return direct.call(this, options, done);
      }
      tunnel(proxy, options.host || 'localhost', options.port || port, (error, socket) => {
        if (error) return done(error);
        return done(null, module === https ? tls.connect({ ...options, socket }) : socket);
      });
      return undefined;
    };
  }
}

/** Node's fetch has agents of its own kind, which it makes when it is first called. */
function throughFetch(proxy) {
  const fetch = globalThis.fetch;
  const key = Symbol.for('undici.globalDispatcher.1');
  const connect = (options, done) => {
    const secure = options.protocol === 'https:';
    const port = options.port || (secure ? 443 : 80);
    tunnel(proxy, options.hostname, port, (error, socket) => {
      if (error) return done(error, null);
      if (!secure) return done(null, socket);
      const servername = options.servername || options.hostname;
      const inside = tls.connect({ socket, servername, ALPNProtocols: ['http/1.1'] });
      inside.once('error', (failed) => done(failed, null));
      return inside.once('secureConnect', () => done(null, inside));
    });
  };
  let ready;
  globalThis.fetch = async function throughProxy(...asked) {
    ready ??= fetch('data:,').then(() => {
      const { constructor: Agent } = globalThis[key];
      globalThis[key] = new Agent({ connect });
    });
    await ready;
    return fetch(...asked);
  };
}
