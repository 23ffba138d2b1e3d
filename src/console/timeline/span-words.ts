import { shortUrl } from "../traces/summary-words.ts";
import type { SpanRow } from "./span-tree.ts";

/** What a row says beside its name: the request, the statement, the operation. */
export function spanDetail({ segment }: SpanRow): string {
  const { http, sql, aws } = segment;
  if (sql?.sanitizedQuery !== undefined) return sql.sanitizedQuery.replace(/\s+/g, " ").trim();
  if (aws?.operation !== undefined) {
    const resource = aws.tableName ?? aws.bucketName ?? aws.functionName ?? aws.queueUrl ?? aws.topicArn;
    return resource === undefined ? aws.operation : `${aws.operation} ${resource}`;
  }
  if (http?.url !== undefined || http?.method !== undefined) {
    return [http.method, http.url === undefined ? undefined : shortUrl(http.url)].filter(Boolean).join(" ");
  }
  return "";
}

/** Seconds from the start to the end of a row; up to `nowSeconds` while it runs. */
export function spanSeconds({ segment }: SpanRow, nowSeconds: number): number {
  return Math.max(0, (segment.endSeconds ?? nowSeconds) - segment.startSeconds);
}
