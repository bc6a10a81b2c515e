
import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, options: pulumi.CustomResourceOptions = {}) {
    super("fake:index:Thing", name, { serial: undefined, label: undefined, ...args }, options);
  }
  declare serial: pulumi.Output<string>;
  declare label: pulumi.Output<string>;
}


