package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {
  private static final ControlGroup.Limits LIMITS = new ControlGroup.Limits(20, 256 << 20, 64);

  @TempDir Path folder;

  @Test
  void findsItsPlaceUnderVersionOne() throws IOException {
    Path own = Files.createDirectories(folder.resolve("cpu,cpuacct/service"));
    Files.createDirectories(folder.resolve("memory"));
    Files.createDirectories(folder.resolve("pids"));
    describe(
        """
        31 23 0:28 / %1$s rw - tmpfs tmpfs rw,mode=755
        32 31 0:29 / %1$s/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / %1$s/memory rw,relatime - cgroup cgroup rw,memory
        39 31 0:36 / %1$s/pids rw,relatime - cgroup cgroup rw,pids
        41 31 0:38 / %1$s/unified rw,relatime - cgroup2 cgroup2 rw
        """,
        """
        4:memory:/seen/only/outside
        3:cpu,cpuacct:/service
        2:pids:/
        0::/
        """);

    var tree = ControlGroupTree.read(folder);

    assertThat(tree.version()).isEqualTo(ControlGroupTree.Version.V1);
    assertThat(tree.folder("cpu")).isEqualTo(own);
    assertThat(tree.folder("memory")).isEqualTo(folder.resolve("memory"));
    assertThat(tree.folder("pids")).isEqualTo(folder.resolve("pids"));
  }

  @Test
  void standsBesideTheAgentUnderVersionTwo() throws IOException {
    Files.createDirectories(folder.resolve("unified/node.service/agent"));
    describe(
        "41 31 0:38 / %1$s/unified rw,relatime - cgroup2 cgroup2 rw\n", "0::/node.service/agent\n");

    var tree = ControlGroupTree.read(folder);

    assertThat(tree.version()).isEqualTo(ControlGroupTree.Version.V2);
    assertThat(tree.folder("")).isEqualTo(folder.resolve("unified/node.service"));
  }

  @Test
  void saysWhatIsMissingWhereControllersAreNotDelegated() throws IOException {
    Files.createDirectories(folder.resolve("unified/session"));
    describe("41 31 0:38 / %1$s/unified rw - cgroup2 cgroup2 rw\n", "0::/session\n");
    var tree = ControlGroupTree.read(folder);

    assertThatThrownBy(() -> ControlGroup.create(LIMITS, tree))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cpu.max is missing");
    assertThat(folder.resolve("unified/session")).isEmptyDirectory();
  }

  @Test
  void saysSoWhereThereAreNone() throws IOException {
    describe("31 23 0:28 / / rw - ext4 /dev/x rw\n", "");

    assertThatThrownBy(() -> ControlGroupTree.read(folder))
        .hasMessageContaining("no control groups");
  }

  /**
   * Runs where the kernel's groups may be made; elsewhere the failure to make one is the answer.
   */
  @Test
  void boundsARealProcess() throws Exception {
    ControlGroup group;
    try {
      group = ControlGroup.create(LIMITS);
    } catch (IOException notHere) {
      assumeTrue(false, "no control group can be made here: " + notHere.getMessage());
      return;
    }
    try (group) {
      var command = new ArrayList<>(group.joining());
      command.addAll(List.of("/bin/cat", "/proc/self/cgroup"));
      var process = new ProcessBuilder(command).start();
      String groups = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(10, TimeUnit.SECONDS);

      assertThat(groups).contains("/openledger-" + ProcessHandle.current().pid() + "-");
      assertThat(group.kind()).startsWith("cgroup-v");
      assertThat(weight(group)).as("the machine's owner comes first").isIn("341", "33");
    }
    assertThat(group.joining().stream().filter(word -> word.contains("cgroup.procs")))
        .allSatisfy(
            script ->
                assertThat(Path.of(script.replaceAll("(?s).*?'([^']*)/cgroup.procs'.*", "$1")))
                    .doesNotExist());
  }

  private static String weight(ControlGroup group) throws IOException {
    for (Path folder : group.folders()) {
      for (String name : List.of("cpu.shares", "cpu.weight")) {
        if (Files.exists(folder.resolve(name))) {
          return Files.readString(folder.resolve(name)).strip();
        }
      }
    }
    return "none";
  }

  private void describe(String mountinfo, String cgroup) throws IOException {
    Files.writeString(folder.resolve("mountinfo"), mountinfo.formatted(folder));
    Files.writeString(folder.resolve("cgroup"), cgroup);
  }
}
