/** Where a parameter is put, and what of it: the keys, or how many there are. */
interface Descriptor {
  readonly rename_to?: string;
  readonly list?: boolean;
  readonly get_count?: boolean;
  readonly get_keys?: boolean;
}

/** Which parameters of an operation are recorded. */
export interface OperationParameters {
  readonly request_parameters?: readonly string[];
  readonly response_parameters?: readonly string[];
  readonly request_descriptors?: Readonly<Record<string, Descriptor>>;
  readonly response_descriptors?: Readonly<Record<string, Descriptor>>;
}

/** By service (`dynamodb`) and operation (`getItem`). */
export type AwsParameters = Record<string, { readonly operations: Readonly<Record<string, OperationParameters>> }>;

const each = (operations: string, parameters: OperationParameters): Record<string, OperationParameters> =>
  Object.fromEntries(operations.split(" ").map((operation) => [operation, parameters]));

/** What X-Ray's SDKs record of AWS's services unless told otherwise: names of things, and counts. Never what is in them. */
export const defaultAwsParameters: AwsParameters = {
  dynamodb: {
    operations: {
      batchGetItem: {
        request_descriptors: { RequestItems: { get_keys: true, rename_to: "table_names" } },
        response_parameters: ["ConsumedCapacity"],
      },
      batchWriteItem: {
        request_descriptors: { RequestItems: { get_keys: true, rename_to: "table_names" } },
        response_parameters: ["ConsumedCapacity", "ItemCollectionMetrics"],
      },
      createTable: {
        request_parameters: ["GlobalSecondaryIndexes", "LocalSecondaryIndexes", "ProvisionedThroughput", "TableName"],
      },
      ...each("deleteItem putItem updateItem", {
        request_parameters: ["TableName"],
        response_parameters: ["ConsumedCapacity", "ItemCollectionMetrics"],
      }),
      ...each("deleteTable describeTable", { request_parameters: ["TableName"] }),
      getItem: {
        request_parameters: ["ConsistentRead", "ProjectionExpression", "TableName"],
        response_parameters: ["ConsumedCapacity"],
      },
      listTables: {
        request_parameters: ["ExclusiveStartTableName", "Limit"],
        response_descriptors: { TableNames: { get_count: true, list: true, rename_to: "table_count" } },
      },
      query: {
        request_parameters: [
          "AttributesToGet",
          "ConsistentRead",
          "IndexName",
          "Limit",
          "ProjectionExpression",
          "ScanIndexForward",
          "Select",
          "TableName",
        ],
        response_parameters: ["ConsumedCapacity"],
      },
      scan: {
        request_parameters: [
          "AttributesToGet",
          "ConsistentRead",
          "IndexName",
          "Limit",
          "ProjectionExpression",
          "Segment",
          "Select",
          "TableName",
          "TotalSegments",
        ],
        response_parameters: ["ConsumedCapacity", "Count", "ScannedCount"],
      },
      updateTable: {
        request_parameters: [
          "AttributeDefinitions",
          "GlobalSecondaryIndexUpdates",
          "ProvisionedThroughput",
          "TableName",
        ],
      },
    },
  },
  sqs: {
    operations: {
      addPermission: { request_parameters: ["Label", "QueueUrl"] },
      changeMessageVisibility: { request_parameters: ["QueueUrl", "VisibilityTimeout"] },
      ...each("changeMessageVisibilityBatch deleteMessageBatch", {
        request_parameters: ["QueueUrl"],
        response_parameters: ["Failed"],
      }),
      createQueue: { request_parameters: ["Attributes", "QueueName"] },
      ...each("deleteMessage deleteQueue purgeQueue removePermission", { request_parameters: ["QueueUrl"] }),
      getQueueAttributes: { request_parameters: ["QueueUrl"], response_parameters: ["Attributes"] },
      getQueueUrl: { request_parameters: ["QueueName", "QueueOwnerAWSAccountId"], response_parameters: ["QueueUrl"] },
      listDeadLetterSourceQueues: { request_parameters: ["QueueUrl"], response_parameters: ["QueueUrls"] },
      listQueues: {
        request_parameters: ["QueueNamePrefix"],
        response_descriptors: { QueueUrls: { get_count: true, list: true, rename_to: "queue_count" } },
      },
      receiveMessage: {
        request_parameters: [
          "AttributeNames",
          "MaxNumberOfMessages",
          "MessageAttributeNames",
          "QueueUrl",
          "VisibilityTimeout",
          "WaitTimeSeconds",
        ],
        response_descriptors: { Messages: { get_count: true, list: true, rename_to: "message_count" } },
      },
      sendMessage: {
        request_descriptors: { MessageAttributes: { get_keys: true, rename_to: "message_attribute_names" } },
        request_parameters: ["DelaySeconds", "QueueUrl"],
        response_parameters: ["MessageId"],
      },
      sendMessageBatch: {
        request_descriptors: { Entries: { get_count: true, list: true, rename_to: "message_count" } },
        request_parameters: ["QueueUrl"],
        response_descriptors: {
          Failed: { get_count: true, list: true, rename_to: "failed_count" },
          Successful: { get_count: true, list: true, rename_to: "successful_count" },
        },
      },
      setQueueAttributes: {
        request_descriptors: { Attributes: { get_keys: true, rename_to: "attribute_names" } },
        request_parameters: ["QueueUrl"],
      },
    },
  },
  sns: {
    operations: {
      ...each("publish publishBatch", { request_parameters: ["TopicArn"] }),
    },
  },
  lambda: {
    operations: {
      invoke: {
        request_parameters: ["FunctionName", "InvocationType", "LogType", "Qualifier"],
        response_parameters: ["FunctionError", "StatusCode"],
      },
      invokeAsync: { request_parameters: ["FunctionName"], response_parameters: ["Status"] },
    },
  },
  s3: {
    operations: {
      ...each(
        "abortMultipartUpload completeMultipartUpload createMultipartUpload getObjectTorrent listParts putObject uploadPart",
        { request_descriptors: { Bucket: { rename_to: "bucket_name" } }, request_parameters: ["Key"] },
      ),
      ...each("copyObject uploadPartCopy", {
        request_descriptors: { Bucket: { rename_to: "bucket_name" } },
        request_parameters: ["CopySource", "Key"],
      }),
      ...each(
        "createBucket deleteBucket deleteBucketAnalyticsConfiguration deleteBucketCors deleteBucketEncryption deleteBucketInventoryConfiguration deleteBucketLifecycle deleteBucketMetricsConfiguration deleteBucketPolicy deleteBucketReplication deleteBucketTagging deleteBucketWebsite deleteObjects getBucketAccelerateConfiguration getBucketAcl getBucketAnalyticsConfiguration getBucketCors getBucketEncryption getBucketInventoryConfiguration getBucketLifecycle getBucketLifecycleConfiguration getBucketLocation getBucketLogging getBucketMetricsConfiguration getBucketNotification getBucketNotificationConfiguration getBucketPolicy getBucketReplication getBucketRequestPayment getBucketTagging getBucketVersioning getBucketWebsite headBucket listBucketAnalyticsConfigurations listBucketInventoryConfigurations listBucketMetricsConfigurations putBucketAccelerateConfiguration putBucketAcl putBucketAnalyticsConfiguration putBucketCors putBucketEncryption putBucketInventoryConfiguration putBucketLifecycle putBucketLifecycleConfiguration putBucketLogging putBucketMetricsConfiguration putBucketNotification putBucketNotificationConfiguration putBucketPolicy putBucketReplication putBucketRequestPayment putBucketTagging putBucketVersioning putBucketWebsite",
        { request_descriptors: { Bucket: { rename_to: "bucket_name" } } },
      ),
      ...each(
        "deleteObject deleteObjectTagging getObject getObjectAcl getObjectTagging headObject putObjectAcl putObjectTagging restoreObject",
        { request_descriptors: { Bucket: { rename_to: "bucket_name" } }, request_parameters: ["Key", "VersionId"] },
      ),
      ...each("listMultipartUploads listObjectVersions listObjects listObjectsV2", {
        request_descriptors: { Bucket: { rename_to: "bucket_name" } },
        request_parameters: ["Prefix"],
      }),
    },
  },
  sagemakerruntime: {
    operations: {
      invokeEndpoint: { request_parameters: ["EndpointName"] },
    },
  },
};
