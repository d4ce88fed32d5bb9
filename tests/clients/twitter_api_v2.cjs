'use strict';
// twitter-api-v2, as its documentation has it.

const { TwitterApi } = require('twitter-api-v2');

async function read() {
  const { v2: client } = new TwitterApi(process.env.BEARER_TOKEN);
  const { data: user } = await client.userByUsername('CalderJustice');
  const found = await client.search('court -is:retweet', { max_results: 50 });
  const own = await client.userTimeline(user.id, { max_results: 100 });
  const parts = ({ id, text }) => [id, text];
  return {
    user: [user.id, user.username],
    search: found.tweets.map(parts),
    timeline: own.tweets.map(parts),
  };
}

async function write(text) {
  const { v2: client } = new TwitterApi({
    appKey: process.env.CONSUMER_KEY,
    appSecret: process.env.CONSUMER_SECRET,
    accessToken: process.env.ACCESS_TOKEN,
    accessSecret: process.env.ACCESS_TOKEN_SECRET,
  });
  const { data: posted } = await client.tweet(text);
  const { data: me } = await client.me();
  const { data: answer } = await client.like(me.id, posted.id);
  return { posted: [posted.id, posted.text], liked: answer.liked };
}

const [verb, ...rest] = process.argv.slice(2);
({ read, write })[verb](...rest).then((answer) => console.log(JSON.stringify(answer)));
