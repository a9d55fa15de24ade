package xyz.openledger.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.ProblemException;

class TaskArrayTest {
  @TempDir private Path folder;

  @Test
  void putsTheIndexWhereTheTaskNamesIt() throws IOException {
    Files.writeString(folder.resolve("part-3.txt"), "three");
    Files.writeString(folder.resolve("part-4.txt"), "four");

    JobSpec spec =
        read(
            "{\"arguments\": [\"--seed={index}\", \"-v\"], \"input\": \"part-{index}.txt\"}",
            "3-4");

    assertThat(spec.tasks())
        .extracting(JobSpec.Task::arguments)
        .containsExactly(List.of("--seed=3", "-v"), List.of("--seed=4", "-v"));
    assertThat(spec.tasks()).extracting(JobSpec.Task::input).doesNotHaveDuplicates();
  }

  @Test
  void addsTheIndexAsTheLastArgumentWhereTheTaskDoesNotNameIt() throws IOException {
    Files.writeString(folder.resolve("input.txt"), "all");

    JobSpec spec = read("{\"arguments\": [\"-v\"], \"input\": \"input.txt\"}", "0-99");

    assertThat(spec.tasks()).hasSize(100);
    assertThat(spec.tasks().get(99).arguments()).containsExactly("-v", "99");
  }

  @Test
  void makesManyOfOneTaskAlone() throws IOException {
    Files.writeString(folder.resolve("input.txt"), "all");

    assertThatThrownBy(() -> read("{\"input\": \"input.txt\"}, {\"input\": \"input.txt\"}", "0-1"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("must be one task");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "a-b", "-1-3", "0-256", "9-3", "0-99999999999"})
  void refusesWhatIsNoRangeOfTasks(String text) {
    assertThatThrownBy(() -> TaskArray.parse(text))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("array");
  }

  private JobSpec read(String tasks, String array) throws IOException {
    Files.writeString(folder.resolve("module.wasm"), "not looked at here");
    Path job =
        Files.writeString(
            folder.resolve("job.json"),
            """
            {"workload": {"kind": "wasm", "module": "module.wasm", "fuelMax": "1000",
              "memoryMaxBytes": 65536, "outputMaxBytes": 100},
             "tasks": [%s],
             "scheduling": {"priority": 7, "queuedMax": "PT90S"},
             "policy": {"limits": {"priceMaxNanoOpen": "1000", "deadlineMillis": 60000},
               "verification": {"method": "trusted"}}}
            """
                .formatted(tasks));
    JobSpec spec =
        JobFile.read(job, new JobFile.Overrides(null, Map.of(), TaskArray.parse(array))).spec();
    assertThat(spec.scheduled().priority()).isEqualTo(7);
    assertThat(spec.scheduled().queuedMillisMax()).isEqualTo(90_000);
    return spec;
  }
}
