// Thirty requests a second, of which X-Ray's SDK for Java samples as its rules say: java SampleJavaSdk.java SERVICE

import com.amazonaws.xray.AWSXRayRecorder;
import com.amazonaws.xray.AWSXRayRecorderBuilder;
import com.amazonaws.xray.strategy.sampling.CentralizedSamplingStrategy;
import java.nio.file.Files;
import java.nio.file.Path;

public class SampleJavaSdk {
  private static final String NOTHING =
      "{\"version\": 2, \"default\": {\"fixed_target\": 0, \"rate\": 0}, \"rules\": []}";

  public static void main(String[] args) throws Exception {
    Path rules = Files.createTempFile("nothing", ".json");
    Files.writeString(rules, NOTHING);
    CentralizedSamplingStrategy strategy = new CentralizedSamplingStrategy(rules.toUri().toURL());
    Files.delete(rules);
    AWSXRayRecorder recorder = AWSXRayRecorderBuilder.standard().withSamplingStrategy(strategy).build();
    while (true) {
      recorder.beginSegmentWithSampling(args[0]);
      recorder.endSegment();
      Thread.sleep(1000 / 30);
    }
  }
}
