'use strict';
// X's API by hand, with Node's own fetch.

const headers = { authorization: `Bearer ${process.env.BEARER_TOKEN}` };

async function get(path) {
  const answer = await fetch(`https://api.x.com/2${path}`, { headers });
  return (await answer.json()).data;
}

async function read() {
  const user = await get('/users/by/username/CalderJustice');
  const found = await get('/tweets/search/recent?query=court%20-is:retweet&max_results=50');
  const own = await get(`/users/${user.id}/tweets?max_results=100`);
  const parts = ({ id, text }) => [id, text];
  return {
    user: [user.id, user.username],
    search: found.map(parts),
    timeline: own.map(parts),
  };
}

({ read })[process.argv[2]]().then((answer) => console.log(JSON.stringify(answer)));
