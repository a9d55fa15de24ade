package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.json.Json;

/** A copy with one thing changed keeps all the others, also those that are yet to be added. */
class CopiesTest {
  private static final String LIMITS =
      "{\"priceMaxNanoOpen\":\"7\",\"deadlineMillis\":1000,\"regions\":[\"eu\"]}";

  private static final String WORKLOAD =
      """
      {"kind":"wasm","module":"sha256:%s","fuelMax":1000,"memoryMaxBytes":65536,"outputMaxBytes":64}
      """
          .formatted("0".repeat(64));

  private static final String TASKS =
      "[{\"arguments\":[],\"input\":\"sha256:%s\"}]".formatted("1".repeat(64));

  private static final Policy PLAIN_POLICY =
      Json.read("{\"limits\":{\"priceMaxNanoOpen\":\"9\",\"deadlineMillis\":2000}}", Policy.class);

  private static final Policy POLICY =
      Json.read(
          """
          {"objective":{"weights":{"cost":1,"carbon":2}},
           "limits":%s,
           "verification":{"method":"trusted"},
           "capacity":"reserved",
           "require":"node.cores > 4",
           "prefer":{"score":"node.cores","weight":50},
           "selector":[{"key":"tier","operator":"In","values":["gold"]}],
           "shift":{"savesMilligramsMin":5},
           "spread":{"by":"region","required":true}}
          """
              .formatted(LIMITS),
          Policy.class);

  private static final JobSpec PLAIN_JOB =
      Json.read(
          """
          {"workload":%s,"tasks":%s,"policy":{"limits":%s}}
          """
              .formatted(WORKLOAD.replace("1000", "2000"), TASKS.replace("1", "2"), LIMITS),
          JobSpec.class);

  private static final JobSpec JOB =
      Json.read(
          """
          {"name":"one","labels":{"a":"b"},"workload":%s,"tasks":%s,
           "policy":{"limits":%s,"capacity":"spot"},
           "scheduling":{"priority":7}}
          """
              .formatted(WORKLOAD, TASKS, LIMITS),
          JobSpec.class);

  @Test
  void aPolicyForAnotherCapacityIsOtherwiseTheSame() {
    assertThat(different(POLICY, PLAIN_POLICY)).isEqualTo(all(Policy.class));

    assertThat(different(POLICY, POLICY.withCapacity(Policy.Capacity.SPOT)))
        .containsExactly("capacity");
  }

  @Test
  void aJobUnderAnotherPolicyIsOtherwiseTheSame() {
    assertThat(different(JOB, PLAIN_JOB)).isEqualTo(all(JobSpec.class));

    assertThat(different(JOB, JOB.withPolicy(POLICY))).containsExactly("policy");
  }

  private static List<String> all(Class<? extends Record> type) {
    return List.of(type.getRecordComponents()).stream().map(RecordComponent::getName).toList();
  }

  private static List<String> different(Record one, Record other) {
    var names = new ArrayList<String>();
    for (RecordComponent each : one.getClass().getRecordComponents()) {
      try {
        var read = each.getAccessor();
        if (!Objects.equals(read.invoke(one), read.invoke(other))) {
          names.add(each.getName());
        }
      } catch (ReflectiveOperationException unreadable) {
        throw new AssertionError(each.getName(), unreadable);
      }
    }
    return names;
  }
}
