// Pulumi loads a policy pack with `require` and a compiler of its own; tsx loads this one as it loads the program.
require("tsx/cjs/api").register();
require("./pack.ts");
