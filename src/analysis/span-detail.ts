import type { Segment } from "../trace/segment.ts";
import { shortUrl } from "./short-url.ts";

/** What a segment or subsegment says beside its name: the request, the statement, the operation; empty for nothing. */
export function spanDetail({ http, sql, aws }: Segment): string {
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
