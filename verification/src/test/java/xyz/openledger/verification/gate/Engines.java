package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs to be run on every engine: Endive's compiler, its interpreter, and V8. V8 runs them all
 * in one process, at the end.
 */
final class Engines {

  private final List<String> names = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();

  /** Runs a gated module on Endive, both ways, requires that they agree, and keeps it for V8. */
  Run onEndive(String name, byte[] module, long fuel) {
    var task = new Task(module, fuel);
    var compiled = onCompiler(name, task);
    assertThat(Endive.INTERPRETER.run(task))
        .as("%s: interpreter and compiler", name)
        .isEqualTo(compiled);
    return compiled;
  }

  /** Runs a task on Endive's compiler alone, and keeps it for V8. */
  Run onCompiler(String name, Task task) {
    var run = Endive.COMPILER.run(task);
    names.add(name);
    tasks.add(task);
    runs.add(run);
    return run;
  }

  /** Runs everything on V8 and requires the same of it. */
  void thenOnV8(Path folder) {
    var results = V8.run(folder, tasks);
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i)).as("%s: V8 and Endive", names.get(i)).isEqualTo(runs.get(i));
    }
  }
}
