import com.sun.management.OperatingSystemMXBean;
import exchange.core2.core.ExchangeApi;
import exchange.core2.core.ExchangeCore;
import exchange.core2.core.common.CoreSymbolSpecification;
import exchange.core2.core.common.CoreWaitStrategy;
import exchange.core2.core.common.MatcherTradeEvent;
import exchange.core2.core.common.OrderAction;
import exchange.core2.core.common.OrderType;
import exchange.core2.core.common.SymbolType;
import exchange.core2.core.common.api.ApiAddUser;
import exchange.core2.core.common.api.ApiAdjustUserBalance;
import exchange.core2.core.common.api.ApiPlaceOrder;
import exchange.core2.core.common.api.binary.BatchAddSymbolsCommand;
import exchange.core2.core.common.config.ExchangeConfiguration;
import exchange.core2.core.common.config.PerformanceConfiguration;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * exchange-core with the orders of OrderStream.java. For each line on standard input it runs one
 * round on a new symbol and prints "round CPU-SECONDS WALL-SECONDS TRADES"; CPU time is the whole
 * process's.
 */
public final class ExchangeCorePeer {
  private static final int USERS = 100;
  private static final int BASE = 11;
  private static final int QUOTE = 15;

  public static void main(String[] arguments) throws Exception {
    int orders = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    AtomicLong done = new AtomicLong();
    AtomicLong trades = new AtomicLong();
    ExchangeConfiguration configuration =
        ExchangeConfiguration.defaultBuilder()
            .performanceCfg(
                PerformanceConfiguration.throughputPerformanceBuilder()
                    .matchingEnginesNum(1)
                    .riskEnginesNum(1)
                    .waitStrategy(CoreWaitStrategy.BLOCKING)
                    .threadFactory(Thread::new)
                    .build())
            .build();
    ExchangeCore core =
        ExchangeCore.builder()
            .resultsConsumer(
                (command, sequence) -> {
                  for (MatcherTradeEvent event = command.matcherEvent;
                      event != null;
                      event = event.nextEvent) {
                    if (event.eventType == exchange.core2.core.common.MatcherEventType.TRADE) {
                      trades.incrementAndGet();
                    }
                  }
                  done.incrementAndGet();
                })
            .exchangeConfiguration(configuration)
            .build();
    core.startup();
    ExchangeApi api = core.getApi();
    for (long user = 1; user <= USERS; user++) {
      api.submitCommandAsync(ApiAddUser.builder().uid(user).build()).get();
      fund(api, user, BASE, user * 2);
      fund(api, user, QUOTE, user * 2 + 1);
    }

    boolean[] bid = new boolean[orders];
    int[] price = new int[orders];
    int[] user = new int[orders];
    int[] units = new int[orders];
    boolean[] once = new boolean[orders];
    Random random = new Random(seed);
    for (int i = 0; i < orders; i++) {
      bid[i] = random.nextBoolean();
      int away = random.nextInt(40) - (random.nextInt(10) == 0 ? 45 : 0);
      price[i] = 10_000 + (bid[i] ? -away : away);
      user[i] = random.nextInt(USERS);
      units[i] = 1 + random.nextInt(5);
      once[i] = random.nextInt(4) == 0;
    }

    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    long id = 1_000;
    for (int symbol = 1; in.readLine() != null; symbol++) {
      api.submitBinaryDataAsync(
              new BatchAddSymbolsCommand(
                  CoreSymbolSpecification.builder()
                      .symbolId(symbol)
                      .type(SymbolType.CURRENCY_EXCHANGE_PAIR)
                      .baseCurrency(BASE)
                      .quoteCurrency(QUOTE)
                      .baseScaleK(1)
                      .quoteScaleK(1)
                      .takerFee(0)
                      .makerFee(0)
                      .build()))
          .get();
      long before = done.get();
      long tradesBefore = trades.get();
      long cpu = system.getProcessCpuTime();
      long wall = System.nanoTime();
      for (int i = 0; i < orders; i++) {
        api.submitCommand(
            ApiPlaceOrder.builder()
                .uid(1 + user[i])
                .orderId(id++)
                .price(price[i])
                .reservePrice(price[i] + 100)
                .size(units[i])
                .action(bid[i] ? OrderAction.BID : OrderAction.ASK)
                .orderType(once[i] ? OrderType.IOC : OrderType.GTC)
                .symbol(symbol)
                .build());
      }
      while (done.get() - before < orders) {
        Thread.sleep(1);
      }
      System.out.printf(
          java.util.Locale.ROOT,
          "round %.6f %.6f %d%n",
          (system.getProcessCpuTime() - cpu) / 1e9,
          (System.nanoTime() - wall) / 1e9,
          trades.get() - tradesBefore);
      System.out.flush();
    }
    System.exit(0);
  }

  private static void fund(ExchangeApi api, long user, int currency, long transaction)
      throws Exception {
    api.submitCommandAsync(
            ApiAdjustUserBalance.builder()
                .uid(user)
                .currency(currency)
                .amount(1L << 50)
                .transactionId(transaction)
                .build())
        .get();
  }
}
