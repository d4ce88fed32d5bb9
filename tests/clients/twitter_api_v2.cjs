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

({ read })[process.argv[2]]().then((answer) => console.log(JSON.stringify(answer)));
