// Third-party bundles of static/vendor, which carry no types.
declare module "flow-kit";
declare module "htmx";
