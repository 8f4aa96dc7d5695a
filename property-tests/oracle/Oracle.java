/*
 * The oracle: answers questions about the election with ZooKeeper's own classes, so that our code can be compared
 * with them. One question a line on standard input, fields separated by tabs; one answer a line on standard output.
 * An unchecked exception or a refused configuration is an answer too. Stands in ZooKeeper's package to reach its
 * protected methods. Configurations are dynamic-file text with its line breaks written as U+001F.
 *
 *   order  CONFIG  id zxid epoch  id zxid epoch      FastLeaderElection.totalOrderPredicate(new, current)
 *   equals VOTE VOTE                                 Vote.equals
 *   quorum CONFIG SIDS                               QuorumVerifier.containsQuorum
 *   weight CONFIG id                                 QuorumVerifier.getWeight
 *   count  CONFIG LASTSEEN me clock VOTES VOTE       getVoteTracker(...).hasAllQuorums() (up to 3.5 termPredicate)
 *                                                    and checkLeader(...)
 *   config TEXT                                      QuorumPeerConfig.parseDynamicConfig (up to 3.4 parseProperties)
 *
 * VOTE is version,id,zxid,round,epoch,state; VOTES is sid=VOTE;sid=VOTE; SIDS is sid,sid; LASTSEEN may be "-".
 */
package org.apache.zookeeper.server.quorum;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;
import org.apache.zookeeper.server.quorum.flexible.QuorumHierarchical;
import org.apache.zookeeper.server.quorum.flexible.QuorumVerifier;

public final class Oracle {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        // What a class prints is no answer.
        System.setOut(System.err);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = answer(line.split("\t", -1));
            } catch (Exception e) {
                answer = "throws";
            }
            out.write(answer);
            out.write('\n');
        }
        out.flush();
        System.exit(0);
    }

    private static String answer(String[] q) throws Exception {
        switch (q[0]) {
        case "order":
            return String.valueOf(election(q[1], "-", 0, 0)
                .totalOrderPredicate(num(q[2]), num(q[3]), num(q[4]), num(q[5]), num(q[6]), num(q[7])));
        case "equals":
            return String.valueOf(vote(q[1]).equals(vote(q[2])));
        case "quorum":
            return String.valueOf(Reach.call(Reach.method(QuorumVerifier.class, "containsQuorum", 1),
                Quiet.verifier(q[1]), sids(q[2])));
        case "weight":
            return String.valueOf(Quiet.verifier(q[1]).getWeight(num(q[2])));
        case "count": {
            FastLeaderElection fle = election(q[1], q[2], num(q[3]), num(q[4]));
            HashMap<Long, Vote> votes = votes(q[5]);
            Vote vote = vote(q[6]);
            return isQuorum(fle, votes, vote) + " " + Reach.call(
                Reach.method(FastLeaderElection.class, "checkLeader", 3), fle, votes, vote.getId(), vote.getElectionEpoch());
        }
        case "config":
            return config(q[1]);
        default:
            throw new IllegalArgumentException(q[0]);
        }
    }

    private static Object isQuorum(FastLeaderElection fle, Map<Long, Vote> votes, Vote vote) throws Exception {
        Method tracker = Reach.method(FastLeaderElection.class, "getVoteTracker", 2);
        if (tracker == null) {
            return Reach.call(Reach.method(FastLeaderElection.class, "termPredicate", 2), fle, votes, vote);
        }
        Object counted = Reach.call(tracker, fle, votes, vote);
        return Reach.call(Reach.method(counted.getClass(), "hasAllQuorums", 0), counted);
    }

    private static FastLeaderElection election(String committed, String lastSeen, long me, long clock) throws Exception {
        return Quiet.election(Quiet.peer(committed, lastSeen, me), clock);
    }

    private static long num(String text) {
        return Long.parseLong(text);
    }

    private static HashSet<Long> sids(String text) {
        HashSet<Long> set = new HashSet<>();
        for (String sid : text.split(",")) {
            if (!sid.isEmpty()) {
                set.add(num(sid));
            }
        }
        return set;
    }

    private static Vote vote(String text) {
        String[] f = text.split(",");
        return new Vote(Integer.parseInt(f[0]), num(f[1]), num(f[2]), num(f[3]), num(f[4]), ServerState.valueOf(f[5]));
    }

    private static HashMap<Long, Vote> votes(String text) {
        HashMap<Long, Vote> votes = new HashMap<>();
        for (String entry : text.split(";")) {
            if (!entry.isEmpty()) {
                int at = entry.indexOf('=');
                votes.put(num(entry.substring(0, at)), vote(entry.substring(at + 1)));
            }
        }
        return votes;
    }

    private static String config(String text) throws Exception {
        StringBuilder answer = new StringBuilder();
        QuorumVerifier verifier = Quiet.DYNAMIC ? dynamicConfig(text, answer) : staticConfig(text, answer);
        if (verifier instanceof QuorumHierarchical) {
            answer.append(new TreeMap<>((Map<?, ?>) Reach.get(verifier, "serverGroup")));
            answer.append(new TreeMap<>((Map<?, ?>) Reach.get(verifier, "serverWeight")));
        }
        Method version = Reach.method(QuorumVerifier.class, "getVersion", 0);
        return answer.append(version == null ? "0" : Long.toHexString((Long) Reach.call(version, verifier))).toString();
    }

    @SuppressWarnings("unchecked")
    private static QuorumVerifier dynamicConfig(String text, StringBuilder answer) throws Exception {
        Method parse = Reach.method(QuorumPeerConfig.class, "parseDynamicConfig", 5);
        QuorumVerifier verifier = (QuorumVerifier) (parse == null
            ? Reach.call(Reach.method(QuorumPeerConfig.class, "parseDynamicConfig", 4), null, Quiet.properties(text), 3, false, true)
            : Reach.call(parse, null, Quiet.properties(text), 3, false, true, null));
        Method members = Reach.method(QuorumVerifier.class, "getAllMembers", 0);
        servers((Map<Long, QuorumServer>) Reach.call(members, verifier), answer);
        return verifier;
    }

    /** A whole zoo.cfg, of which the question has the servers, groups and weights. */
    private static QuorumVerifier staticConfig(String text, StringBuilder answer) throws Exception {
        File data = Files.createTempDirectory("oracle").toFile();
        Files.write(new File(data, "myid").toPath(), "1".getBytes(StandardCharsets.UTF_8));
        Properties properties = Quiet.properties(
            "tickTime=2000\ninitLimit=10\nsyncLimit=5\nclientPort=2181\ndataDir=" + data + "\n" + text);
        try {
            QuorumPeerConfig config = new QuorumPeerConfig();
            config.parseProperties(properties);
            servers(config.getServers(), answer);
            return config.getQuorumVerifier();
        } finally {
            new File(data, "myid").delete();
            data.delete();
        }
    }

    private static void servers(Map<Long, QuorumServer> servers, StringBuilder answer) throws Exception {
        for (Map.Entry<Long, QuorumServer> entry : new TreeMap<>(servers).entrySet()) {
            QuorumServer server = entry.getValue();
            Object client = Reach.has(QuorumServer.class, "clientAddr") ? Reach.get(server, "clientAddr") : null;
            answer.append(entry.getKey()).append(' ').append(server.type).append(' ')
                .append(hosts(Reach.get(server, "addr"))).append(hosts(Reach.get(server, "electionAddr")))
                .append(client == null ? "-" : host((InetSocketAddress) client)).append(';');
        }
    }

    /** One address up to 3.5, MultipleAddresses since 3.6. */
    @SuppressWarnings("unchecked")
    private static Set<String> hosts(Object addresses) throws Exception {
        Collection<InetSocketAddress> all = addresses instanceof InetSocketAddress
            ? Collections.singleton((InetSocketAddress) addresses)
            : (Collection<InetSocketAddress>) Reach.call(
                Reach.method(addresses.getClass(), "getAllAddresses", 0), addresses);
        Set<String> hosts = new TreeSet<>();
        all.forEach(a -> hosts.add(host(a)));
        return hosts;
    }

    /** Java spells IPv6 out where it resolved a literal, and not where it did not: both are written short. */
    private static String host(InetSocketAddress address) {
        String host = address.getHostString().replace("0:0:0:0:0:0:0:1", "::1").replace("[", "").replace("]", "");
        return host + ":" + address.getPort();
    }
}
