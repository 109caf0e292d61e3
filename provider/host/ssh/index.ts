export { systemEnvironment } from "./env";
export { isLost, isUnreachable } from "./errors";
export { getTransport, Pool } from "./pool";
export { resolve } from "./resolve";
export { type ConnectionSpec, label, type ResolvedConnection } from "./spec";
