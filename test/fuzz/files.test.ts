import { fuzzSuite } from "./suite";
import { files } from "./targets";

fuzzSuite("fuzz: files", files);
