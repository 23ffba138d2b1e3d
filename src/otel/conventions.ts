/**
 * Whether a key is one of OpenTelemetry's own, or of its instrumentation: by what stands before the first dot. All
 * others are the application's.
 */
export function isConventional(key: string): boolean {
  const dot = key.indexOf(".");
  return dot > 0 && namespaces.has(key.slice(0, dot));
}

/**
 * Without those that applications use just as much, as `app`, `user`, `session`, `event` and `message`. What is here is
 * seen on spans of servers; attributes of metrics and of browsers are not.
 */
const namespaces: ReadonlySet<string> = new Set([
  ..."aspnetcore aws az azure cassandra client cloud cloudevents cloudfoundry code container cosmosdb db".split(" "),
  ..."deployment destination dns dotnet elasticsearch enduser error exception express faas fastify".split(" "),
  ..."feature_flag gcp gen_ai graphql hapi heroku host http iis jvm k8s koa mcp messaging mongoose net".split(" "),
  ..."nestjs network nodejs openai opentracing os otel peer pool process rpc server service signalr sql".split(" "),
  ..."telemetry thread tls url user_agent webengine".split(" "),
]);
