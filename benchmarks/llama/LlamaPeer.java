import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * llama.cpp as {@code de.kherud:llama} packs it, one thread. Arguments: model, tokens of an answer.
 * Each line asks for a round: {@code alone N}, {@code slots N} (16 at a time), or {@code adapters
 * FOLDER N} (each with its own, for which the model is loaded anew). Answers {@code round TOKENS
 * SECONDS CPU-SECONDS}.
 */
public final class LlamaPeer {
  private static final int SLOTS = 16;
  private static final int CONTEXT = 256;

  public static void main(String[] arguments) throws Exception {
    String file = arguments[0];
    int tokens = Integer.parseInt(arguments[1]);
    LlamaModel.setLogger(null, (level, text) -> {});
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var alone = new LlamaModel(parameters(file, 1));
        var slots = new LlamaModel(parameters(file, SLOTS));
        var threads = Executors.newFixedThreadPool(SLOTS)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        int questions = Integer.parseInt(words[words.length - 1]);
        double cpu = cpuSeconds();
        long began = System.nanoTime();
        switch (words[0]) {
          case "alone" -> {
            for (int i = 0; i < questions; i++) {
              alone.complete(question(i, tokens));
            }
          }
          case "slots" -> {
            var asked = new ArrayList<Callable<String>>();
            for (int i = 0; i < questions; i++) {
              int number = i;
              asked.add(() -> slots.complete(question(number, tokens)));
            }
            for (var answer : threads.invokeAll(asked)) {
              answer.get();
            }
          }
          default -> {
            for (int i = 0; i < questions; i++) {
              String adapter = words[1] + "/" + i + ".gguf";
              try (var loaded = new LlamaModel(parameters(file, 1).addLoraAdapter(adapter))) {
                loaded.complete(question(i, tokens));
              }
            }
          }
        }
        System.out.printf(
            "round %d %f %f%n",
            questions * tokens, (System.nanoTime() - began) / 1e9, cpuSeconds() - cpu);
      }
    }
    System.exit(0);
  }

  private static ModelParameters parameters(String file, int slots) {
    return new ModelParameters()
        .setModel(file)
        .setCtxSize(CONTEXT * slots)
        .setParallel(slots)
        .setThreads(1)
        .setThreadsBatch(1);
  }

  private static InferenceParameters question(int number, int tokens) {
    return new InferenceParameters("Tell me about number " + number)
        .setNPredict(tokens)
        .setTemperature(0)
        .setIgnoreEos(true)
        .setCachePrompt(false);
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }
}
