// A Lambda function. Lambda makes its segments; what the function does hangs below them.
import { trace } from "@opentelemetry/api";

export async function handler({ tea, url }) {
  return trace.getTracer("lambda").startActiveSpan("brew", async (span) => {
    try {
      span.setAttribute("tea", tea);
      const answer = await fetch(url);
      return { tea, status: answer.status };
    } finally {
      span.end();
    }
  });
}
