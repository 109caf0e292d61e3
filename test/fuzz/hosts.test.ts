import { fuzzSuite } from "./suite";
import { hosts } from "./targets";

fuzzSuite("fuzz: hosts and the engine", hosts);
